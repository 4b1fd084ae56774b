// Runs the sample app against any Purser: bun examples/chat/main.ts
import { startChatApp } from "./app.ts"

const { PURSER_ISSUER, PURSER_CLIENT_ID, PURSER_CLIENT_SECRET, PORT = "3000", MODEL = "sandbox" } = process.env
if (!PURSER_ISSUER || !PURSER_CLIENT_ID || !PURSER_CLIENT_SECRET) {
  console.error("Set PURSER_ISSUER, PURSER_CLIENT_ID and PURSER_CLIENT_SECRET (create an app at /developer/apps/new).")
  process.exit(2)
}
const app = await startChatApp({
  issuer: PURSER_ISSUER,
  clientId: PURSER_CLIENT_ID,
  clientSecret: PURSER_CLIENT_SECRET,
  port: Number(PORT),
  model: MODEL,
})
console.log(`Storyteller is at ${app.url}`)
