// The public API as a customer's program calls it.

/** A client with one key. Each call gives the status, the headers and the body. */
export function client(origin, key) {
  async function call(method, path, body, headers = {}) {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        ...(key ? { "x-tenant-api-key": key } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: text ? JSON.parse(text) : undefined };
  }
  return {
    call,
    start: (body = {}) => call("POST", "/verify/start", body),
    status: (id) => call("GET", `/verify/status?verificationId=${encodeURIComponent(id)}`),
    complete: (verificationId, evidence) => call("POST", "/verify/complete", { verificationId, evidence }),
    validate: (token) => call("POST", "/tokens/validate", { token }),
    jwks: () => call("GET", "/.well-known/jwks.json"),
  };
}
