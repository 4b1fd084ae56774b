// Passkeys: what the page asks for goes to the browser's authenticator, and its answer goes along with the form. Where a browser knows
// no passkeys the form goes away; everything has another way.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

const WORDS = {
  NotAllowedError: "No passkey was chosen. Try again, or go another way.",
  InvalidStateError: "This device has a passkey for this account already.",
  SecurityError: "Passkeys do not work at this address.",
}
const FAILED = "This did not work. Try again, or go another way."
/** A browser waits for one at a time: the list under the email field gives way to the button. */
let waiting = null

const keysOf = (list = []) => list.map((key) => ({ ...key, id: bytes(key.id) }))
const members = (from, names) =>
  Object.fromEntries(names.filter((name) => from[name]).map((name) => [name, text(from[name])]))

/** @returns the credential as JSON, as `toJSON` of newer browsers has it */
async function answerOf(element, mediation) {
  const { kind, options } = element.dataset
  const asked = JSON.parse(options)
  waiting?.abort()
  waiting = new AbortController()
  const { signal } = waiting
  const publicKey = { ...asked, challenge: bytes(asked.challenge) }
  let credential
  if (kind === "new") {
    publicKey.user = { ...asked.user, id: bytes(asked.user.id) }
    publicKey.excludeCredentials = keysOf(asked.excludeCredentials)
    credential = await navigator.credentials.create({ publicKey, signal })
  } else {
    publicKey.allowCredentials = keysOf(asked.allowCredentials)
    credential = await navigator.credentials.get({ publicKey, signal, mediation })
  }
  const { response } = credential
  const said = members(response, [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ])
  return JSON.stringify({
    id: credential.id,
    type: credential.type,
    response: { ...said, transports: response.getTransports?.() },
  })
}

function send(form, answer) {
  form.elements.response.value = answer
  form.requestSubmit()
}

/** Under the email field the browser offers the passkeys it has, before anything is pressed. */
async function offer(element, form) {
  const before = waiting
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  // The button was pressed before the browser said what it can: the list gives way, it does not end what the button began.
  if (waiting !== before) return
  try {
    send(form, await answerOf(element, "conditional"))
  } catch {
    // The button takes over, or nobody chose one.
  }
}

export default function setUp(element) {
  element.hidden = !globalThis.PublicKeyCredential || !navigator.credentials
  if (element.hidden) return
  const form = element.querySelector("form")
  const line = element.querySelector("[role=status]")
  element.addEventListener(
    "submit",
    async (event) => {
      if (form.elements.response.value !== "") return
      event.preventDefault()
      event.stopPropagation()
      line.textContent = ""
      try {
        send(form, await answerOf(element))
      } catch (error) {
        if (error.name !== "AbortError") line.textContent = WORDS[error.name] ?? FAILED
      }
    },
    true,
  )
  if (element.dataset.offers !== undefined) offer(element, form)
}
