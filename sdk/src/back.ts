// A window that comes back: the page of the app that the server sends a popup to. Whoever opened it is told what its address says, and it
// closes. By a channel and by its opener, as either may be cut off.

/** Begins the state of what runs in a popup. */
export const IN_POPUP = "purser.popup."
const CHANNEL = "purser"

export interface Back {
  purser: string
  /** Query of the address. */
  query: string
}

/** Listens for the window with this state. @returns ends it */
export function onBack(state: string, heard: (query: URLSearchParams) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  const listen = (event: MessageEvent<Back | null>): void => {
    if (event.origin === location.origin && event.data?.purser === state) heard(new URLSearchParams(event.data.query))
  }
  channel.addEventListener("message", listen)
  addEventListener("message", listen)
  return () => {
    channel.close()
    removeEventListener("message", listen)
  }
}

/** At the first moment of a page: whether it is such a window. */
export function isBack(): boolean {
  if (typeof location === "undefined") return false
  const purser = new URLSearchParams(location.search).get("state") ?? ""
  if (!purser.startsWith(IN_POPUP)) return false
  const message: Back = { purser, query: location.search }
  document.documentElement.hidden = true
  new BroadcastChannel(CHANNEL).postMessage(message)
  ;(window.opener as Window | null)?.postMessage(message, location.origin)
  // A moment for the message to leave.
  setTimeout(() => window.close(), 50)
  // Where windows do not close by themselves, the address no longer holds a code.
  history.replaceState(null, "", location.pathname)
  return true
}

/** Has to be called in the turn of a click. @returns null: blocked */
export function openWindow(name: string): Window | null {
  const [width, height] = [480, 720]
  const left = Math.round(screenX + (outerWidth - width) / 2)
  const top = Math.round(screenY + (outerHeight - height) / 2)
  return window.open("", name, `popup,width=${width},height=${height},left=${left},top=${top}`)
}
