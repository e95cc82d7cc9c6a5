/** Flags of the autoscaler. */
export interface Limits {
  readonly ratio: number;
  readonly minratio: number;
  readonly step: number;
  readonly max: number;
  readonly min: number;
}

/** @throws Error where upstream's code refuses to look at the backlog */
export function refuseLimits({ ratio, minratio, max, min }: Limits): void {
  if (ratio < 1) throw new Error("cfg.Ratio must be >= 1.0");
  if (minratio < 0) throw new Error("cfg.MinRatio must be >= 0.0");
  if (minratio > ratio) throw new Error("cfg.MinRatio must be <= cfg.Ratio");
  if (max < 1) throw new Error("cfg.MaxInstances must be >= 1");
  if (max < min) throw new Error("maxInstances must be >= minInstances");
}

/**
 * How many workers there are to be for so many jobs.
 * @see https://github.com/airbusgeo/geocube/blob/0df5049953053680fe7ac3c6862681902b8056cd/interface/autoscaler/qbas/qbas.go
 */
export function neededSize(limits: Limits, jobs: number, instances: number): number {
  const { step, max, min } = limits;
  const wanted = wantedSize(limits, jobs, instances);
  // more than the most were made by somebody else, and stay while they have work
  const size = wanted <= max ? wanted : instances > max ? Math.min(instances, jobs) : max;
  if (size < min) return min;
  if (size - instances > step) return instances + step;
  return instances - size > step && jobs > 0 ? instances - step : size;
}

function wantedSize({ ratio, minratio }: Limits, jobs: number, instances: number): number {
  if (jobs === 0 || instances === 0) return Math.ceil(jobs / ratio);
  const load = jobs / instances;
  if (load > ratio) return Math.ceil(jobs / ratio);
  if (instances > 1 && minratio > 0 && load < minratio) return Math.ceil(jobs / minratio);
  return load < 1 ? jobs : instances;
}
