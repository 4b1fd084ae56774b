// What a standby answers: pages that only show. Everything that changes something, and everything that programs ask, belongs to the first.
import { AppError } from "../../app/index.ts"
import { dialectOf } from "../../http/index.ts"
import { AUTH_PAGES } from "../../sites/auth/index.ts"

/** Signing in makes a session, which would be gone with the picture. */
const SIGN_IN = [...AUTH_PAGES.map(({ path }) => path.split("/:")[0]!), "/console/login", "/console/callback"]

const RETRY_SECONDS = 30

/** @param baseUrl where the first is reached, and this server once it has taken over */
export const readOnly =
  (baseUrl: string) =>
  (request: Request): AppError | null => {
    const { method, url } = request
    const path = new URL(url).pathname
    const isShown = (method === "GET" || method === "HEAD") && dialectOf(path) === "html" && !isSignIn(path)
    return isShown ? null : refusal(baseUrl)
  }

const isSignIn = (path: string): boolean => SIGN_IN.some((one) => path === one || path.startsWith(`${one}/`))

export const refusal = (baseUrl: string): AppError =>
  new AppError(
    "unavailable",
    `This server stands by: it shows pages and takes no calls, sign-ins or changes. Nothing was done. Send this to ${baseUrl} in a moment.`,
    { retryAfterSeconds: RETRY_SECONDS },
  )
