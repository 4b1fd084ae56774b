// Authorization responses: parameters on the redirect URI, always with `iss` (RFC 9207), `state` exactly as it came.
import type { AppError } from "../../app/index.ts"
import { withParams } from "../client/redirect-uri.ts"
import type { Core } from "../core.ts"
import { sealWaiting, type Waiting } from "../fedcm/waiting.ts"
import type { Client, Redirect } from "../types.ts"
import type { AuthRequest } from "./request.ts"
import { askingApp } from "./view.ts"

export const successLocation = (core: Core, request: AuthRequest, code: string): string =>
  withParams(request.redirectUri, { code, state: request.state, iss: core.issuer })

export const errorRedirect = (core: Core, client: Client, request: AuthRequest, error: AppError): Redirect => ({
  kind: "redirect",
  app: askingApp(client, request),
  location: request.device
    ? deviceAnswered(core, "no")
    : request.fedcm
      ? `${core.issuer}/fedcm/done`
      : withParams(request.redirectUri, {
          error: error.kind.oauth ?? "server_error",
          error_description: error.message.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, " "),
          state: request.state,
          iss: core.issuer,
        }),
})

/** The device hears of it by itself; the person is shown a page of ours. */
export const deviceDone = (core: Core, client: Client, request: AuthRequest): Redirect => ({
  kind: "redirect",
  app: askingApp(client, request),
  location: deviceAnswered(core, "yes"),
})

const deviceAnswered = (core: Core, answer: "yes" | "no"): string => `${core.issuer}/device/done?answer=${answer}`

/** A page of ours in the window that the browser opened: it gives the answer to the browser, and the window closes. */
export const fedcmDone = (core: Core, client: Client, request: AuthRequest, waiting: Waiting): Redirect => ({
  kind: "redirect",
  app: askingApp(client, request),
  location: `${core.issuer}/fedcm/done?${new URLSearchParams({ request: sealWaiting(core, waiting) })}`,
})
