// The version of the processor's words that we read.
import type Stripe from "stripe"

/** A newer client that reads another one does not compile. */
export const API_VERSION = "2026-08-26.dahlia" satisfies typeof Stripe.API_VERSION
