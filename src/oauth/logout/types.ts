// The nouns of signing out by an app's wish, and of telling apps that somebody did.
import type { AppError, UserId } from "../../app/index.ts"
import type { People } from "../types.ts"

export interface BeginLogout extends People {
  params: URLSearchParams
}

/** An app that asked, and where it wants the person; no location: nowhere. */
export interface LogoutReturn {
  appName: string
  /** The registered address with `state`; null: this house says goodbye itself. */
  location: string | null
  /** Where that is: a host, or the scheme of a native app. */
  returnsTo: string | null
}

export type LogoutOutcome =
  /** Never redirect: nothing says that this app may send people there. */
  | { kind: "error-page"; error: AppError }
  /** The person decides. @property request goes along with their answer */
  | { kind: "ask"; request: string | null; app: LogoutReturn | null }
  /** The app proved that it means this very sign-in: it ends without a question. */
  | { kind: "end"; app: LogoutReturn; userId: UserId }
  /** Nobody is signed in here any more. */
  | { kind: "nobody"; app: LogoutReturn | null }

/** What ended: one sign-in of a person. */
export interface EndedSession {
  userId: UserId
  sid: string
}
