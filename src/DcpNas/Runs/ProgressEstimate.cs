namespace DcpNas.Runs;

/// <summary>Time left in a run whose phases cost differently per step.</summary>
/// <remarks>
/// Sum over phases of (steps left) x (mean of the phase's last steps). Only the recent steps count, because a machine's speed changes with its
/// load. A phase that has not run yet is taken to cost the mean of the phases that have; <see cref="IsRough"/> says so.
/// </remarks>
public sealed class ProgressEstimate
{
    /// <summary>How many recent steps of a phase form its mean.</summary>
    public const int Window = 50;

    private readonly Dictionary<string, PhaseState> _phases = new(StringComparer.Ordinal);

    /// <summary>Creates the estimate.</summary>
    /// <param name="plannedSteps">Steps of the whole run per phase, at least 0 each.</param>
    public ProgressEstimate(IReadOnlyDictionary<string, long> plannedSteps)
    {
        ArgumentNullException.ThrowIfNull(plannedSteps);
        foreach (var (phase, count) in plannedSteps)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, phase);
            _phases.Add(phase, new PhaseState { Planned = count });
        }
    }

    /// <summary>Steps done, as a share of the planned ones, from 0 to 1.</summary>
    public double Fraction
    {
        get
        {
            var planned = _phases.Values.Sum(phase => phase.Planned);
            return planned == 0 ? 1 : (double)_phases.Values.Sum(phase => Math.Min(phase.Done, phase.Planned)) / planned;
        }
    }

    /// <summary>Whether a phase that is still to come has not been measured.</summary>
    public bool IsRough => _phases.Values.Any(phase => phase.Left > 0 && phase.Recent.Count == 0);

    /// <summary>The time left, or null as long as no step was measured.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            var left = _phases.Values.Where(phase => phase.Left > 0).ToList();
            if (left.Count == 0)
            {
                return TimeSpan.Zero;
            }

            var measured = _phases.Values.Where(phase => phase.Recent.Count > 0).ToList();
            if (measured.Count == 0)
            {
                return null;
            }

            var fallback = measured.Average(phase => phase.Mean);
            var seconds = left.Sum(phase => phase.Left * (phase.Recent.Count > 0 ? phase.Mean : fallback));
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
        }
    }

    /// <summary>Counts one step of a phase.</summary>
    /// <exception cref="KeyNotFoundException">The phase was not planned.</exception>
    public void Record(string phase, double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        var state = Find(phase);
        state.Done++;
        state.Recent.Enqueue(seconds);
        if (state.Recent.Count > Window)
        {
            state.Recent.Dequeue();
        }
    }

    /// <summary>Counts steps that an earlier session did; they say nothing about today's speed.</summary>
    /// <exception cref="KeyNotFoundException">The phase was not planned.</exception>
    public void Skip(string phase, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Find(phase).Done += steps;
    }

    private PhaseState Find(string phase) =>
        _phases.TryGetValue(phase, out var state)
            ? state
            : throw new KeyNotFoundException($"Unknown phase '{phase}'. Planned phases: {string.Join(", ", _phases.Keys)}.");

    private sealed class PhaseState
    {
        public long Planned { get; init; }

        public long Done { get; set; }

        public Queue<double> Recent { get; } = new();

        public long Left => Math.Max(0, Planned - Done);

        public double Mean => Recent.Average();
    }
}
