// The auth site's addresses: what people and programs meet when they sign in.
import type { PageEntry } from "../base/index.ts"

export const AUTH_PAGES = [
  { path: "/.well-known/jwks.json", viewer: "anyone", kind: "data", title: "Signing keys" },
  { path: "/.well-known/oauth-authorization-server", viewer: "anyone", kind: "data", title: "Authorization server" },
  { path: "/.well-known/oauth-protected-resource", viewer: "anyone", kind: "data", title: "Protected resource" },
  { path: "/.well-known/oauth-protected-resource/v1", viewer: "anyone", kind: "data", title: "Protected resource" },
  { path: "/.well-known/openid-configuration", viewer: "anyone", kind: "data", title: "OpenID configuration" },
  { path: "/.well-known/change-password", viewer: "anyone", kind: "redirect", title: "Change password" },
  { path: "/userinfo", viewer: "anyone", kind: "data", title: "Userinfo" },
  { path: "/authorize", viewer: "anyone", title: "Authorize" },
  { path: "/authorize/consent", viewer: "anyone", title: "Consent" },
  {
    path: "/device",
    viewer: "anyone",
    title: "Connect a device",
    search: { text: "Enter the code that a terminal or another device shows.", words: "device code cli terminal tv" },
  },
  { path: "/device/done", viewer: "anyone", title: "A device was answered", query: "answer=yes" },
  {
    path: "/login",
    viewer: "anyone",
    title: "Sign in",
    search: { for: "stranger", text: "With your email and password.", words: "login log account" },
  },
  { path: "/confirm", viewer: "anyone", title: "Confirm that it is you" },
  { path: "/login/code", viewer: "anyone", title: "Enter a code" },
  { path: "/login/recovery", viewer: "anyone", title: "Use a recovery code" },
  {
    path: "/signup",
    viewer: "anyone",
    title: "Create an account",
    search: { for: "stranger", text: "Free, with an email address.", words: "register sign up join new" },
  },
  { path: "/verify-email", viewer: "anyone", title: "Confirm your email address" },
  {
    path: "/forgot-password",
    viewer: "anyone",
    title: "Forgot your password?",
    search: { text: "Get a link to choose a new one.", words: "reset lost login" },
  },
  { path: "/forgot-password/sent", viewer: "anyone", title: "Look in your mail" },
  { path: "/reset-password", viewer: "anyone", title: "Choose a new password", query: "token=gone" },
  { path: "/login-link/:token", viewer: "anyone", title: "Sign in by a link" },
  { path: "/setup/:token", viewer: "anyone", title: "First admin" },
  {
    path: "/logout",
    viewer: "anyone",
    title: "Sign out",
    search: { for: "person", text: "End your session in this browser.", words: "logout leave" },
  },
  { path: "/signed-out", viewer: "anyone", title: "Signed out" },
] as const satisfies readonly PageEntry[]
