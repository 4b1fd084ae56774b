// Which endpoint a path is: templates compiled once for each change of a product. What would match a template's parameter but could be
// taken for another endpoint's fixed segment matches nothing: else a plan that has `/{city}` would have `/Admin` (CWE-178).
import type { EndpointOffered } from "./offer.ts"
import { loosely } from "./path.ts"

interface Step {
  /** Decoded; null = a parameter stands here. */
  fixed: string | null
  loose: string
  /** What its parameters take: one segment that is not empty, or what stands between fixed text. */
  takes: RegExp
  names: string[]
}

interface Route {
  endpoint: EndpointOffered
  steps: Step[]
  /** Those that have fixed text where this one takes any. */
  rivals: Route[]
}

export type Match = { endpoint: EndpointOffered; values: Record<string, string> }

export class Routes {
  /** By number of segments. */
  private readonly byLength = new Map<number, Route[]>()
  private readonly byId = new Map<number, EndpointOffered>()

  constructor(endpoints: readonly EndpointOffered[]) {
    for (const endpoint of endpoints) {
      const steps = segmentsOf(endpoint.path).map(stepOf)
      const same = this.byLength.get(steps.length) ?? []
      same.push({ endpoint, steps, rivals: [] })
      this.byLength.set(steps.length, same)
      this.byId.set(endpoint.id, endpoint)
    }
    for (const same of this.byLength.values())
      for (const route of same)
        route.rivals = same.filter(({ steps }) =>
          steps.some((step, at) => step.fixed !== null && route.steps[at]!.fixed === null),
        )
    // What is fixed goes before what is not, from the left.
    for (const same of this.byLength.values())
      same.sort((a, b) => {
        const at = a.steps.findIndex((step, index) => (step.fixed === null) !== (b.steps[index]!.fixed === null))
        return at < 0 ? a.endpoint.id - b.endpoint.id : a.steps[at]!.fixed === null ? 1 : -1
      })
  }

  byEndpoint(id: number): EndpointOffered | null {
    return this.byId.get(id) ?? null
  }

  /** @returns the endpoint, or which methods the path has: none = there is no such path */
  match(method: string, path: string): Match | { allow: string[] } {
    const segments = segmentsOf(path).map(plain)
    const same = this.byLength.get(segments.length) ?? []
    const shape = same.find((route) => fits(route, segments))
    if (!shape || isAmbiguous(shape, segments)) return { allow: [] }
    const alike = same.length === 1 ? same : same.filter((route) => fits(route, segments) && isSameShape(route, shape))
    // HEAD is GET without the body (RFC 9110 §9.3.2).
    const route =
      alike.find(({ endpoint }) => endpoint.method === method) ??
      (method === "HEAD" ? alike.find(({ endpoint }) => endpoint.method === "GET") : undefined)
    if (!route) return { allow: [...new Set(alike.map(({ endpoint }) => endpoint.method))] }
    return { endpoint: route.endpoint, values: valuesOf(route, segments) }
  }
}

const segmentsOf = (path: string): string[] => path.slice(1).split("/")

function stepOf(segment: string): Step {
  const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!)
  const fixed = plain(segment)
  if (names.length === 0) return { fixed, loose: loosely(segment), takes: NOTHING, names }
  const between = segment.split(/\{[^{}]+\}/).map((text) => RegExp.escape(plain(text)))
  return { fixed: null, loose: "", takes: new RegExp(`^${between.join("(.+?)")}$`, "s"), names }
}
const NOTHING = /(?!)/

function plain(segment: string): string {
  if (!segment.includes("%")) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function fits({ steps }: Route, segments: readonly string[]): boolean {
  for (let at = 0; at < steps.length; at++) {
    const { fixed, takes } = steps[at]!
    if (fixed === null ? !takes.test(segments[at]!) : fixed !== segments[at]) return false
  }
  return true
}

/** The same but for the names of parameters: endpoints of one path by different methods. */
const isSameShape = (one: Route, other: Route): boolean =>
  one.steps.every((step, at) => {
    const twin = other.steps[at]!
    return step.fixed === twin.fixed && step.takes.source === twin.takes.source
  })

/** Another endpoint is met by a looser reading where this one takes any text. */
function isAmbiguous({ rivals }: Route, segments: readonly string[]): boolean {
  if (rivals.length === 0) return false
  const loose = segments.map(loosely)
  return rivals.some(
    (other) =>
      !fits(other, segments) && other.steps.every((step, at) => step.fixed === null || step.loose === loose[at]),
  )
}

function valuesOf({ steps }: Route, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [at, { names, takes }] of steps.entries())
    for (const [index, name] of names.entries()) values[name] = takes.exec(segments[at]!)![index + 1]!
  return values
}
