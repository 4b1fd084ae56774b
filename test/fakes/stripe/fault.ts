// Refusals in Stripe's words and shape.
export type FaultType = "invalid_request_error" | "card_error" | "idempotency_error" | "api_error" | "rate_limit_error"

export class Fault extends Error {
  override name = "Fault"
  constructor(
    readonly status: number,
    readonly type: FaultType,
    message: string,
    readonly more: {
      code?: string
      param?: string
      decline_code?: string
      payment_intent?: object
      payment_method?: object
    } = {},
  ) {
    super(message)
  }

  body(requestId: string): object {
    const { type, message, more } = this
    return { error: { type, message, ...more, request_log_url: `https://example.com/logs/${requestId}` } }
  }
}

export const invalid = (message: string, param?: string, code?: string): Fault =>
  new Fault(400, "invalid_request_error", message, { ...(param ? { param } : {}), ...(code ? { code } : {}) })

export const missing = (what: string, id: string, param = "id"): Fault =>
  new Fault(404, "invalid_request_error", `No such ${what}: '${id}'`, { code: "resource_missing", param })
