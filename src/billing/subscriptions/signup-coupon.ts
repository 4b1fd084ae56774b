// The coupon of a way to a subscription follows it: redeemed where it was taken, free again where nobody paid.
import type { Tx } from "../../store/index.ts"
import { redeemedIn, releasedIn } from "../coupons/index.ts"
import type { Signup } from "./types.ts"

const PREFIX = "signup:"

/** What a use of a coupon names it by. */
export const signupRef = ({ publicId }: Pick<Signup, "publicId">): string => `${PREFIX}${publicId}`
export const signupOfRef = (ref: string): string => ref.slice(PREFIX.length)

/** Whatever it is, and however often. */
export function couponFollowsIn(tx: Tx, signup: Signup): void {
  if (signup.state === "done") redeemedIn(tx, signupRef(signup))
  else if (signup.state === "expired") releasedIn(tx, signupRef(signup))
}
