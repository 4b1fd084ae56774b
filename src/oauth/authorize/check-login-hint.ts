// * login_hint prefills the login form and decides nothing   * longer than an email address can be: dropped
import type { Check } from "./request.ts"

const EMAIL_CHARS_MAX = 320

export const checkLoginHint: Check = ({ param, request }) => {
  const hint = param("login_hint")
  request.loginHint = hint !== null && hint.length <= EMAIL_CHARS_MAX ? hint : null
}
