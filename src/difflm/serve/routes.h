// The routes, a file for each group of them. Each function adds its own.
#pragma once

#include "difflm/serve/http.h"
#include "difflm/serve/service.h"

namespace difflm {

void add_status_routes(Router& router, Service& service);      // /health /v1/models /props /metrics
void add_token_routes(Router& router, Service& service);       // /tokenize /detokenize
void add_completion_routes(Router& router, Service& service);  // /v1/completions
void add_infill_routes(Router& router, Service& service);      // /infill
void add_denoise_routes(Router& router, Service& service);     // /v1/denoise /v1/steer
void add_training_routes(Router& router, Service& service);    // /v1/training /reports

}  // namespace difflm
