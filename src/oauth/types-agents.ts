// The nouns of clients that came by themselves and of devices that sign in by a code. Ids without "public" are internal integers.
import type { BeginInput, EndpointInput } from "./types.ts"

/** Who made a client: this server, a developer of this house, its own document on the web (CIMD), or a program (RFC 7591). */
export type ClientSource = "appliance" | "developer" | "document" | "registration"

/** Sign-in of a device that showed a code: what the person compares before saying yes (RFC 8628 §5.4). */
export interface AskingDevice {
  /** As the device shows it: `WDJB-MJHT`. */
  userCode: string
  startedMs: number
  /** The network that started it, and what it said it is. */
  network: string
  device: string
}

export interface BeginDeviceInput extends Omit<BeginInput, "params" | "network"> {
  /** As the person typed it. */
  userCode: string
  network: string
}

/** Of endpoints that anybody may call. */
export interface OpenEndpointInput extends EndpointInput {
  network: string
  userAgent: string
}

/** RFC 8628 §3.2. Send with `cache-control: no-store`. */
export interface DeviceAuthorization {
  device_code: string
  user_code: string
  verification_uri: string
  verification_uri_complete: string
  expires_in: number
  interval: number
}

export type DeviceState = "pending" | "approved" | "denied" | "used"

/** RFC 7591 §3.1: what a program says of itself, as it came. */
export interface RegistrationInput {
  metadata: unknown
  network: string
  requestId: string
}

/** RFC 7592 §2. */
export interface RegistrationAccess {
  clientPublicId: string
  /** The registration access token. */
  token: string
}

/** RFC 7591 §3.2.1: send with `cache-control: no-store`. */
export type RegisteredClient = Record<string, unknown> & { client_id: string }
