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
      same.push({ endpoint, steps })
      this.byLength.set(steps.length, same)
      this.byId.set(endpoint.id, endpoint)
    }
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
    if (!shape || isAmbiguous(same, shape, segments)) return { allow: [] }
    const alike = same.filter((route) => fits(route, segments) && isSameShape(route, shape))
    // HEAD is GET without the body (RFC 9110 §9.3.2).
    const route =
      alike.find(({ endpoint }) => endpoint.method === method) ??
      (method === "HEAD" ? alike.find(({ endpoint }) => endpoint.method === "GET") : undefined)
    if (!route) return { allow: [...new Set(alike.map(({ endpoint }) => endpoint.method))] }
    return { endpoint: route.endpoint, values: valuesOf(route, segments) }
  }
}

const segmentsOf = (path: string): string[] => path.split("/").slice(1)

function stepOf(segment: string): Step {
  const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!)
  const fixed = plain(segment)
  if (names.length === 0) return { fixed, loose: loosely(segment), takes: NOTHING, names }
  const between = segment.split(/\{[^{}]+\}/).map((text) => RegExp.escape(plain(text)))
  return { fixed: null, loose: "", takes: new RegExp(`^${between.join("(.+?)")}$`, "s"), names }
}
const NOTHING = /(?!)/

function plain(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const fits = ({ steps }: Route, segments: readonly string[]): boolean =>
  steps.every((step, at) => (step.fixed === null ? step.takes.test(segments[at]!) : step.fixed === segments[at]))

/** The same but for the names of parameters: endpoints of one path by different methods. */
const isSameShape = (one: Route, other: Route): boolean =>
  one.steps.every((step, at) => {
    const twin = other.steps[at]!
    return step.fixed === twin.fixed && step.takes.source === twin.takes.source
  })

/** Another endpoint is met by a looser reading where this one takes any text. */
const isAmbiguous = (all: readonly Route[], route: Route, segments: readonly string[]): boolean => {
  const loose = segments.map(loosely)
  return all.some(
    (other) =>
      other !== route &&
      !fits(other, segments) &&
      other.steps.some((step, at) => step.fixed !== null && route.steps[at]!.fixed === null) &&
      other.steps.every((step, at) => step.fixed === null || step.loose === loose[at]),
  )
}

function valuesOf({ steps }: Route, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [at, { names, takes }] of steps.entries())
    for (const [index, name] of names.entries()) values[name] = takes.exec(segments[at]!)![index + 1]!
  return values
}
