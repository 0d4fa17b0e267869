"""One training step of Diffusion-LM (Li et al. 2022), written out in plain PyTorch and double precision.

Usage: reference_step.py INPUT.safetensors OUTPUT.safetensors

Reads weights, tokens, times and noise that reference_step_test.cpp wrote; writes the losses, the gradient of every parameter and
the weights after one AdamW step. Shares no code with difflm: the equations are those of the reference implementation
(TransformerNetModel2, training_losses_e2e), with the names of difflm's parameters.
"""
import json
import math
import struct
import sys

import torch
import torch.nn.functional as F

TYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}


def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = bytearray(data[8 + size + begin:8 + size + end])
        tensors[name] = torch.frombuffer(raw, dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def write(path, tensors):
    header, blob = {}, b""
    for name, tensor in tensors.items():
        raw = struct.pack("<%dd" % tensor.numel(), *tensor.detach().double().flatten().tolist())
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(blob), len(blob) + len(raw)]}
        blob += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + blob)


def sqrt_alpha_bars(steps):
    def f(s):
        return 1 - math.sqrt(s + 0.0001)

    product, result = 1.0, []
    for i in range(steps):
        product *= 1 - min(1 - f((i + 1) / steps) / f(i / steps), 0.999)
        result.append(product)
    return torch.tensor(result, dtype=torch.float64)


def linear(w, name, x):
    return x @ w[name + ".weight"].t() + w[name + ".bias"]


def norm(w, name, x):
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-12).sqrt() * w[name + ".weight"] + w[name + ".bias"]


def gelu(x):
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def network(w, x, time, heads, layers):
    half = w["denoiser.time.first.weight"].shape[1] // 2
    frequency = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float64) / half)
    angle = time[:, None] * frequency[None]
    hidden = linear(w, "denoiser.time.first", torch.cat([angle.cos(), angle.sin()], -1))
    time_vector = linear(w, "denoiser.time.second", hidden * torch.sigmoid(hidden))
    length = x.shape[1]
    h = linear(w, "denoiser.up_second", torch.tanh(linear(w, "denoiser.up", x)))
    h = h + w["denoiser.position.absolute.table"][:length] + time_vector[:, None]
    h = norm(w, "denoiser.norm", h)
    for layer in range(layers):
        p = "denoiser.blocks.block%d." % layer
        split = lambda t: t.reshape(t.shape[0], length, heads, -1).permute(0, 2, 1, 3)
        q, k, v = (split(linear(w, p + "attention." + n, h)) for n in ("query", "key", "value"))
        weight = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)
        mixed = (weight @ v).permute(0, 2, 1, 3).reshape(h.shape)
        h = norm(w, p + "attention_norm", h + linear(w, p + "attention.output", mixed))
        h = norm(w, p + "feed_forward_norm", h + linear(w, p + "contract", gelu(linear(w, p + "expand", h))))
    return linear(w, "denoiser.down_second", torch.tanh(linear(w, "denoiser.down", h)))


def main():
    data = read(sys.argv[1])
    w = {n[len("weights/"):]: t.double().requires_grad_() for n, t in data.items() if n.startswith("weights/")}
    steps, heads, layers = (int(data["sizes"][i]) for i in range(3))
    tokens, t = data["tokens"], data["t"]
    alpha_bar = sqrt_alpha_bars(steps)
    table = w["space.table"]
    e = table[tokens]
    x_start = e + math.sqrt(1 - alpha_bar[0].item()) * data["start_noise"].double()
    a = alpha_bar[t][:, None, None]
    x_t = a.sqrt() * x_start + (1 - a).sqrt() * data["noise"].double()
    y = network(w, x_t, t.double() * 1000 / steps, heads, layers)
    target = torch.where((t == 0)[:, None, None], e, x_start)
    mse = (target - y).pow(2).mean((1, 2))
    prior = (alpha_bar[-1].sqrt() * x_start).pow(2).mean((1, 2))
    logits = x_start @ table.t() + w["rounding.bias"]
    nll = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="none").reshape(tokens.shape).mean(1)
    loss = (mse + nll + prior).mean()
    loss.backward()
    out = {"loss": loss, "output": y, "x_t": x_t, "term/denoise": mse, "term/rounding": nll, "term/prior": prior}
    for name, tensor in w.items():
        out["gradient/" + name] = tensor.grad.clone()
    torch.optim.AdamW(w.values(), lr=1e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0).step()
    for name, tensor in w.items():
        out["after/" + name] = tensor
    write(sys.argv[2], out)


main()
