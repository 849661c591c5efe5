// The same requests as Python, for the two clients that most people start with.

import {problem, settings} from "./requests.js";

const literal = value => Array.isArray(value)
    ? `[${value.map(literal).join(", ")}]`
    : typeof value === "string" ? `"${value}"` : Number.isInteger(value) ? `${value}.0` : `${value}`;

const field = (name, value) => name === "integers" ? `[${value.join(", ")}]` : literal(value);

const keywords = state => Object.entries(settings(state))
    .map(([name, value]) => `${name === "lambda" ? "lambda_" : name}=${literal(value)}`)
    .join(", ");

export function numpy(state, url) {
    const fields = Object.entries(problem(state)).map(([name, value]) => `    "${name}": ${field(name, value)},`);
    return [
        "import argmind",
        "",
        `client = argmind.Client("${url}")`,
        "problem = {",
        ...fields,
        "}",
        "solution = client.solve(problem)",
        "print(solution.status, solution.x)",
        "",
        "upstream = {\"x\": " + literal(state.g) + "}",
        "gradients = client.lpgd_backward(",
        `    solution, upstream, ${keywords(state)}`,
        ")",
        "print(gradients.status, gradients[\"c\"])",
        ""
    ].join("\n");
}

export function pytorch(state, url) {
    const {integers, ...fields} = problem(state);
    const costOnly = integers || state.method === "identity" || state.method === "blackbox";
    const tensors = Object.entries(fields).map(([name, value]) => {
        const learned = name === "c" || !costOnly ? ", requires_grad=True" : "";
        return `${name} = torch.tensor(${literal(value)}${learned})`;
    });
    const whole = integers ? `, integers=${field("integers", integers)}` : "";
    return [
        "import torch",
        "from argmind.torch import Layer",
        "",
        "torch.set_default_dtype(torch.float64)",
        ...tensors,
        `g = torch.tensor(${literal(state.g)})`,
        "",
        "layer = Layer(",
        `    client="${url}", ${keywords(state)}${whole}`,
        ")",
        `x = layer(${Object.keys(fields).map(name => `${name}=${name}`).join(", ")})`,
        "(g @ x).backward()  # a loss whose gradient at x is g",
        "print(x, c.grad)",
        ""
    ].join("\n");
}
