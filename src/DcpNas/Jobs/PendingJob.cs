namespace DcpNas.Jobs;

/// <summary>A job that a process of its own can do.</summary>
/// <param name="Name">Its name: the folder that it works in.</param>
/// <param name="After">Jobs that have to end first, well or not, because it reads what they leave. Names that are not pending are taken as ended.</param>
public sealed record PendingJob(string Name, IReadOnlyList<string> After)
{
    /// <summary>The jobs in waves: those of one wave need nothing but jobs of the waves before.</summary>
    /// <param name="jobs">Jobs whose dependencies form no circle.</param>
    /// <exception cref="ArgumentException">They do.</exception>
    public static IReadOnlyList<IReadOnlyList<PendingJob>> Waves(IReadOnlyList<PendingJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var waves = new List<IReadOnlyList<PendingJob>>();
        var left = jobs.ToList();
        while (left.Count > 0)
        {
            var names = left.Select(job => job.Name).ToHashSet(StringComparer.Ordinal);
            var wave = left.Where(job => !job.After.Any(names.Contains)).ToList();
            if (wave.Count == 0)
            {
                throw new ArgumentException($"Jobs wait for each other: {string.Join(", ", names)}.", nameof(jobs));
            }

            waves.Add(wave);
            left = [.. left.Except(wave)];
        }

        return waves;
    }
}
