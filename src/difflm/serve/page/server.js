// Asks the server, and reads what it sends.

// What to do when it cannot be reached, and how to get a key where it wants one; the page sets both.
export const lost = { report() {} };
export const key = { ask: async () => '' };

function headersOf(body) {
  const known = sessionStorage.getItem('key');
  return { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(known ? { Authorization: `Bearer ${known}` } : {}) };
}

export async function ask(path, body, method = body ? 'POST' : 'GET', signal) {
  let reply;
  try {
    reply = await fetch(path, { method, signal, headers: headersOf(body), body: body ? JSON.stringify(body) : undefined });
  } catch (problem) {
    if (problem.name !== 'AbortError') lost.report();
    throw problem;
  }
  if (reply.ok) return reply;
  if (reply.status === 401) {
    sessionStorage.setItem('key', await key.ask());
    return ask(path, body, method, signal);
  }
  const { error } = await reply.json();
  throw new Error([error.message, error.hint].filter(Boolean).join('\n'));
}

// The events of a reply, one by one.
export async function* eventsOf(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split('\n').find((line) => line.startsWith('data: '));
      if (data) yield JSON.parse(data.slice(6));
    }
  }
}
