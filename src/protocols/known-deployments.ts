import type { Deployment } from './adapter.ts'

/** What a generated entry says besides: where it was taken from. For readers of the file, not for the product. */
type Sourced = { readonly source: string; readonly fromBlockSource?: string }

/** Generated entries as the adapter's deployments. */
export const knownDeployments = <K extends Sourced & Omit<Deployment, 'protocol'>>(
  protocol: string,
  known: readonly K[],
) =>
  known.map(({ source: _source, fromBlockSource: _fromBlockSource, ...deployment }) => ({
    protocol,
    ...deployment,
  }))
