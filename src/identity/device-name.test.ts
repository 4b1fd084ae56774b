// What is said of a signed-in browser.
import { expect, test } from "bun:test"
import { deviceKind, deviceName, signInWords } from "./device-name.ts"

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", "computer"],
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Edge on Windows",
    "computer",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
    "phone",
  ],
  [
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Chrome on Android",
    "phone",
  ],
  [
    "Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Chrome on Android",
    "tablet",
  ],
  ["Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPad", "tablet"],
  ["curl/8.5.0", "Unknown device", "program"],
] as const)("%s", (userAgent, name, kind) => {
  expect([deviceName(userAgent), deviceKind(userAgent)]).toEqual([name, kind])
})

test.each([
  ["pwd", "Password"],
  ["pwd otp mfa", "Password and code"],
  ["pwd hwk user mfa", "Password and passkey"],
  ["swk user mfa", "Passkey"],
  ["fed", "Another account of yours"],
  ["fed mfa", "Another account of yours"],
  ["fed otp mfa", "Another account of yours and code"],
  ["otp", "Link or code"],
  ["", "Unknown"],
])("%s is %s", (amr, words) => {
  expect(signInWords(amr)).toBe(words)
})
