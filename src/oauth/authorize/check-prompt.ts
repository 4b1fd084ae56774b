// * prompt holds none, login, consent, select_account, create (Initiating User Registration 1.0)   * none stands alone (OIDC Core §3.1.2.1)
import { AppError, ensure } from "../../app/index.ts"
import type { Check, Prompt } from "./request.ts"

const PROMPTS: readonly string[] = ["none", "login", "consent", "select_account", "create"] satisfies Prompt[]

export const checkPrompt: Check = ({ param, request }) => {
  const prompts = [...new Set((param("prompt") ?? "").split(" ").filter(Boolean))]
  for (const prompt of prompts) {
    if (!PROMPTS.includes(prompt)) throw new AppError("invalid_request", "prompt holds a value we do not know.")
  }
  ensure(!prompts.includes("none") || prompts.length === 1, "invalid_request", "prompt=none cannot be combined.")
  request.prompt = prompts as Prompt[]
}
