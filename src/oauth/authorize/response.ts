// Authorization responses: parameters on the redirect URI, always with `iss` (RFC 9207), `state` exactly as it came.
import type { AppError } from "../../app/index.ts"
import { withParams } from "../client/redirect-uri.ts"
import type { Core } from "../core.ts"
import type { Client, Redirect } from "../types.ts"
import type { AuthRequest } from "./request.ts"
import { askingApp } from "./view.ts"

export const successLocation = (core: Core, request: AuthRequest, code: string): string =>
  withParams(request.redirectUri, { code, state: request.state, iss: core.issuer })

export const errorRedirect = (core: Core, client: Client, request: AuthRequest, error: AppError): Redirect => ({
  kind: "redirect",
  app: askingApp(client, request),
  location: withParams(request.redirectUri, {
    error: error.kind.oauth ?? "server_error",
    error_description: error.message.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, " "),
    state: request.state,
    iss: core.issuer,
  }),
})
