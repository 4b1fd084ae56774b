// Which mode a developer's page shows: what its address says, live where it says nothing. Nothing else remembers it.
import type { Mode } from "../../../views/portal/mode-switch.tsx"

/** What is no mode is live. */
export const modeOf = (params: URLSearchParams): Mode => (params.get("mode") === "test" ? "test" : "live")

/** For links: live needs no word. */
export const modeQuery = (mode: Mode): { mode?: "test" } => (mode === "test" ? { mode } : {})
