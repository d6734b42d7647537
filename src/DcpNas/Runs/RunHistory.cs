using DcpNas.Runs.Report;

namespace DcpNas.Runs;

/// <summary>The log of a run, sorted by kind.</summary>
public sealed class RunHistory
{
    /// <summary>Sorts records; the records of unknown kinds are left out.</summary>
    public RunHistory(IEnumerable<MetricRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var kinds = records.ToLookup(record => record.Kind);
        Steps = [.. kinds[MetricFields.Step]];
        Epochs = [.. kinds[MetricFields.Epoch]];
        Alphas = [.. kinds[MetricFields.Alpha]];
        Events = [.. kinds[MetricFields.Event]];
    }

    /// <summary>What the log in a run folder holds; without a log nothing.</summary>
    /// <exception cref="InputException">The log cannot be read.</exception>
    public static RunHistory In(string folder) => new(MetricsReader.Read(Path.Combine(folder, RunFiles.Metrics)));

    /// <summary>Records of steps.</summary>
    public IReadOnlyList<MetricRecord> Steps { get; }

    /// <summary>Records of epochs.</summary>
    public IReadOnlyList<MetricRecord> Epochs { get; }

    /// <summary>Records of alpha.</summary>
    public IReadOnlyList<MetricRecord> Alphas { get; }

    /// <summary>Events.</summary>
    public IReadOnlyList<MetricRecord> Events { get; }

    /// <summary>Whether the run said that it has done all it was asked to.</summary>
    public bool IsFinished => Events.Any(record => record.Text(MetricFields.Name) == MetricFields.FinishedEvent);

    /// <summary>Wall-clock time of the epochs, or of the steps where no epoch was finished.</summary>
    public TimeSpan TimeSpent
    {
        get
        {
            var seconds = (Epochs.Count > 0 ? Epochs : Steps).Sum(record => record.Number(MetricFields.Seconds) is { } value && double.IsFinite(value) ? value : 0);
            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2));
        }
    }

    /// <summary>The epoch of a record as people count, from 1; the files count from 0.</summary>
    public static double EpochOf(MetricRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return (record.Number(MetricFields.Epoch) ?? 0) + 1;
    }

    /// <summary>Epochs that were finished.</summary>
    public int EpochCount => Epochs.Select(record => record.Number(MetricFields.Epoch)).Distinct().Count();

    /// <summary>The genotype after each epoch (from 1) that states one, in the order of the log.</summary>
    public IReadOnlyList<(double Epoch, string Genotype)> Genotypes =>
        [.. Epochs.Where(record => record.Text(MetricFields.Genotype) is not null)
            .Select(record => (EpochOf(record), record.Text(MetricFields.Genotype)!))];

    /// <summary>Which network an epoch trained: its field, or else its phase.</summary>
    public static string TrainedIn(MetricRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Text(MetricFields.Network) ?? record.Text(MetricFields.Phase) ?? "";
    }

    /// <summary>The name of the loop whose records a phase belongs to: parent_weights and parent are "parent".</summary>
    public static string NetworkOf(string? phase) => (phase ?? "").Split('_')[0];

    /// <summary>A curve over epochs, counted from 1.</summary>
    /// <param name="name">For the legend.</param>
    /// <param name="field">The field.</param>
    /// <param name="network">Only epochs of this network; null for all.</param>
    /// <param name="colour">Of the line, or null.</param>
    /// <param name="dashed">Whether the line is dashed.</param>
    public ChartSeries OverEpochs(string name, string field, string? network = null, string? colour = null, bool dashed = false) =>
        new(name,
            [.. Epochs.Where(record => network is null || TrainedIn(record) == network)
                .Where(record => record.Number(field) is not null)
                .Select(record => (EpochOf(record), record.Number(field)!.Value))],
            colour, dashed);

    /// <summary>Stretches of epochs of one phase.</summary>
    public IReadOnlyList<ChartBand> Bands()
    {
        var bands = new List<ChartBand>();
        foreach (var record in Epochs)
        {
            var epoch = EpochOf(record);
            var tint = record.Text(MetricFields.Phase) switch { "parent" or "step1" => 'a', "child" or "final" => 'b', _ => 'c' };
            if (bands is [.., var last] && last.Tint == tint && epoch - last.To <= 0.5)
            {
                bands[^1] = last with { To = epoch + 0.5 };
            }
            else
            {
                bands.Add(new ChartBand(epoch - 0.5, epoch + 0.5, tint));
            }
        }

        return bands;
    }

    /// <summary>Alpha of one network and cell kind over epochs.</summary>
    public IReadOnlyList<(double Epoch, double[][] Probabilities)> Alpha(string network, string cell) =>
        [.. Alphas.Where(record => record.Text(MetricFields.Network) == network && record.Text(MetricFields.Cell) == cell)
            .Where(record => record.Rows(MetricFields.Probabilities) is not null)
            .Select(record => (EpochOf(record), record.Rows(MetricFields.Probabilities)!))];
}
