// sdk.js from the server itself, and a hook around it: who is signed in, their balance, the last error.
import { useSyncExternalStore } from "react"

const { VITE_PURSER_ISSUER: issuer, VITE_PURSER_CLIENT_ID: client, VITE_MODEL: model } = import.meta.env
const { purser } = await import(/* @vite-ignore */ `${issuer}/sdk.js`)

export const ai = purser(client, { model: model ?? "capability:fast" })

let state = ai.state
const subscribe = (changed) =>
  ai.onChange((next) => {
    state = next
    changed()
  })

export const usePurser = () => useSyncExternalStore(subscribe, () => state)
