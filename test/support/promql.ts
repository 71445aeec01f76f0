// What a PromQL expression asks for, by the grammar that Prometheus' own editor uses.
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

export type Asked = {
  /** Where it is no PromQL, as text after the fault. */
  readonly faults: readonly string[]
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[]
  /** What it groups by; undefined where it does not. */
  readonly grouped: readonly string[] | undefined
}

const nodesOf = (query: string): readonly SyntaxNode[] => {
  const nodes: SyntaxNode[] = []
  parser.parse(query).iterate({ enter: ({ node }) => void nodes.push(node) })
  return nodes
}

/** Reads an expression; variables of Grafana for ranges stand for a time, others are text within a matcher. */
export const askedBy = (expression: string): Asked => {
  const query = expression.replaceAll(/\$__(?:rate_interval|range|interval)/g, '5m')
  const textOf = ({ from, to }: SyntaxNode): string => query.slice(from, to)
  const nodes = nodesOf(query)
  const within = (outer: SyntaxNode, name: string): readonly string[] =>
    nodes.filter((node) => node.name === name && node.from >= outer.from && node.to <= outer.to).map(textOf)
  const groupings = nodes.filter(({ name }) => name === 'GroupingLabels')
  return {
    faults: nodes.filter(({ type }) => type.isError).map(({ from }) => query.slice(from, from + 30)),
    selectors: nodes
      .filter(({ name }) => name === 'VectorSelector')
      .map((node) => ({
        metric: within(node, 'Identifier')[0] ?? '',
        labels: within(node, 'LabelName'),
      })),
    grouped: groupings.length > 0 ? groupings.flatMap((node) => within(node, 'LabelName')) : undefined,
  }
}
