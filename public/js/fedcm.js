// The window that a browser opened for an app (FedCM) gives it the answer and closes. In any other window it does nothing.
export default async function answer({ dataset: { does, request, csrf } }) {
  const { IdentityProvider } = globalThis
  if (!IdentityProvider) return
  if (does === "close") return IdentityProvider.close()
  const headers = { "content-type": "application/json", "x-csrf-token": csrf }
  const sent = await fetch("/fedcm/resolution", { method: "POST", headers, body: JSON.stringify({ request }) })
  const { token } = sent.ok ? await sent.json() : {}
  try {
    if (token) await IdentityProvider.resolve(token)
    else IdentityProvider.close()
  } catch {
    // Not a window of the browser's: the page says to go back.
  }
}
