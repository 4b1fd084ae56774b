// Reads a Dockerfile into stages and steps: the instructions that ours has, and an error for any other.
export interface Step {
  op: "RUN" | "COPY" | "WORKDIR" | "ENV"
  /** After the flags, as it stands there. */
  text: string
  flags: Readonly<Record<string, string>>
}

export interface Stage {
  from: string
  name: string
  steps: Step[]
}

/** What a container of the last stage is started with. */
export interface ImageConfig {
  env: Record<string, string>
  /** `uid:gid` */
  user: string
  volume: string
  port: number
  stopSignal: string
  healthcheck: string[]
  /** ENTRYPOINT and CMD together. */
  command: string[]
  labels: string
}

export interface Dockerfile {
  stages: Stage[]
  config: ImageConfig
}

const STEPS: readonly string[] = ["RUN", "COPY", "WORKDIR", "ENV"]

export function readDockerfile(source: string): Dockerfile {
  const stages: Stage[] = []
  const said: Record<string, string> = {}
  for (const { op, flags, text } of instructions(source)) {
    if (op === "FROM") {
      const [from = "", , name = ""] = text.split(" ")
      stages.push({ from, name, steps: [] })
    } else if (STEPS.includes(op)) stages.at(-1)!.steps.push({ op: op as Step["op"], flags, text })
    else if (["USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL"].includes(op))
      said[op] = text
    else throw new Error(`the replay does not know ${op} ${text}`)
  }
  const env = Object.assign(
    {},
    ...stages
      .at(-1)!
      .steps.filter(({ op }) => op === "ENV")
      .map(({ text }) => pairs(text)),
  )
  const config: ImageConfig = {
    env,
    user: said.USER ?? "0:0",
    volume: said.VOLUME ?? "",
    port: Number(said.EXPOSE),
    stopSignal: said.STOPSIGNAL ?? "SIGTERM",
    healthcheck: words((said.HEALTHCHECK ?? "").replace(/^CMD /, "")),
    command: [...words(said.ENTRYPOINT ?? "[]"), ...words(said.CMD ?? "[]")],
    labels: said.LABEL ?? "",
  }
  return { stages, config }
}

function* instructions(source: string): Generator<{ op: string; flags: Record<string, string>; text: string }> {
  const lines = source.split("\n").filter((line) => !/^\s*#/.test(line))
  const whole = lines.join("\n").replaceAll(/\\\n\s*/g, "")
  for (const line of whole.split("\n").filter((line) => line.trim() !== "")) {
    const [op = "", ...rest] = line.trim().split(" ")
    const flags: Record<string, string> = {}
    while (rest[0]?.startsWith("--")) {
      const [name = "", value = ""] = rest.shift()!.slice(2).split("=")
      flags[name] = value
    }
    yield { op, flags, text: rest.join(" ") }
  }
}

/** The form of JSON, which no shell reads. */
const words = (text: string): string[] => JSON.parse(text) as string[]

export const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(" ").map((pair) => pair.split("=", 2) as [string, string]))
