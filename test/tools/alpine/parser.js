// In place of `@alpinejs/csp/src/parser.js` (17 kB of 60): the same grammar without literals of arrays and objects, `++` and comments.
// Expressions become closures over the scope; `new Function` is never used, so no `unsafe-eval` is needed.

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|"([^"]*)"|([a-z_$][\w$]*)|(===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:.,()[\]]))/giy
const WORDS = { true: true, false: false, null: null, undefined }
const LEVELS = ["||", "&&", "=== !== == !=", "< > <= >=", "+ -", "* / %"].map((level) => level.split(" "))
const BINARY = {
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  // biome-ignore lint/suspicious/noDoubleEquals: that is the operator
  "==": (a, b) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: that is the operator
  "!=": (a, b) => a != b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
}
const FORBIDDEN = /^(?:constructor|prototype|__.*)$/

const compiled = new Map()

/** What the evaluator calls. @throws Error for what is outside the grammar */
export function generateRuntimeFunction(expression) {
  if (!compiled.has(expression)) compiled.set(expression, compile(expression))
  const node = compiled.get(expression)
  return ({ scope }) => node.get(scope)
}

/** A node: `get(scope)` is its value, `set(scope, value)` writes it, `own(scope)` is what a call of it has as `this`. */
function compile(text) {
  const tokens = tokensOf(text)
  const refuse = () => {
    throw new Error(`cannot read the expression "${text}"`)
  }
  const take = (...signs) => (tokens[0]?.type === "sign" && signs.includes(tokens[0].is) ? tokens.shift().is : null)
  const need = (sign) => take(sign) ?? refuse()

  function assignment() {
    const left = ternary()
    if (!take("=")) return left
    const right = assignment()
    if (!left.set) refuse()
    return { get: (scope) => left.set(scope, right.get(scope)) }
  }
  function ternary() {
    const test = binary(0)
    if (!take("?")) return test
    const yes = assignment()
    need(":")
    const no = assignment()
    return { get: (scope) => (test.get(scope) ? yes : no).get(scope) }
  }
  function binary(level) {
    if (level === LEVELS.length) return unary()
    let left = binary(level + 1)
    for (let sign = take(...LEVELS[level]); sign; sign = take(...LEVELS[level]))
      left = joined(sign, left, binary(level + 1))
    return left
  }
  function unary() {
    const sign = take("!", "-", "+")
    if (!sign) return member()
    const of = unary()
    return { get: (scope) => (sign === "!" ? !of.get(scope) : sign === "-" ? -of.get(scope) : +of.get(scope)) }
  }
  function member() {
    let node = primary()
    for (let sign = take(".", "[", "("); sign; sign = take(".", "[", "(")) {
      if (sign === "(") node = call(node, list())
      else if (sign === ".") {
        const name = tokens.shift()
        node = property(node, { get: () => (name?.type === "name" ? name.is : refuse()) })
      } else {
        node = property(node, assignment())
        need("]")
      }
    }
    return node
  }
  function list() {
    const all = []
    if (take(")")) return all
    do all.push(assignment())
    while (take(","))
    need(")")
    return all
  }
  function primary() {
    if (take("(")) {
      const inner = assignment()
      need(")")
      return inner
    }
    const token = tokens.shift()
    if (token?.type === "value") return { get: () => token.is }
    return token?.type === "name" ? variable(token.is) : refuse()
  }

  const node = assignment()
  if (tokens.length > 0) refuse()
  return node
}

function tokensOf(text) {
  const tokens = []
  const end = text.trimEnd().length
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const found = TOKEN.exec(text)
    if (!found) throw new Error(`cannot read the expression "${text}"`)
    const [, number, single, double, name, sign] = found
    if (sign) tokens.push({ type: "sign", is: sign })
    else if (name && !Object.hasOwn(WORDS, name)) tokens.push({ type: "name", is: name })
    else tokens.push({ type: "value", is: name ? WORDS[name] : number ? Number(number) : (single ?? double) })
  }
  return tokens
}

function joined(sign, left, right) {
  if (sign === "&&") return { get: (scope) => left.get(scope) && right.get(scope) }
  if (sign === "||") return { get: (scope) => left.get(scope) || right.get(scope) }
  return { get: (scope) => BINARY[sign](left.get(scope), right.get(scope)) }
}

function variable(name) {
  return {
    own: (scope) => scope,
    raw: (scope) => {
      if (name in scope) return scope[name]
      throw new Error(`there is no ${name}`)
    },
    get(scope) {
      const value = this.raw(scope)
      return typeof value === "function" ? value.bind(scope) : value
    },
    set: (scope, value) => (scope[name] = value),
  }
}

function property(of, key) {
  const nameIn = (scope) => {
    const name = key.get(scope)
    if (FORBIDDEN.test(name)) throw new Error(`${name} is forbidden`)
    return name
  }
  return {
    own: (scope) => of.get(scope),
    raw: (scope) => of.get(scope)[nameIn(scope)],
    get(scope) {
      const value = this.raw(scope)
      // Handed on without a call it still means the component.
      return typeof value === "function" ? value.bind(scope) : value
    },
    set: (scope, value) => (of.get(scope)[nameIn(scope)] = value),
  }
}

function call(of, list) {
  return {
    get: (scope) =>
      (of.raw ?? of.get).call(of, scope).apply(
        of.own?.(scope),
        list.map((one) => one.get(scope)),
      ),
  }
}
