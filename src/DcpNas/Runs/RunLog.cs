namespace DcpNas.Runs;

/// <summary>The log of a run: <c>metrics.jsonl</c> and, derived from it, TensorBoard events.</summary>
/// <remarks>
/// Steps and epochs count differently, so they are two TensorBoard runs, <c>events/steps</c> and <c>events/epochs</c>; a resumed session tells
/// each where it starts, so both show one clean curve.
/// </remarks>
public sealed class RunLog : IDisposable
{
    private static readonly HashSet<string> Coordinates =
        new(StringComparer.Ordinal) { MetricFields.Kind, MetricFields.Step, MetricFields.Epoch, MetricFields.Round };

    private readonly MetricsLog _metrics;
    private readonly EventWriter? _steps;
    private readonly EventWriter? _epochs;

    /// <summary>Opens the log of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="resumeAt"><see cref="Position"/> as the checkpoint stored it; null or 0 for a run that starts (again) from nothing.</param>
    /// <param name="events">Whether to write TensorBoard events.</param>
    /// <exception cref="InputException">A file cannot be written, or the log does not belong to the checkpoint.</exception>
    public RunLog(RunFolder folder, long? resumeAt = null, bool events = true)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _metrics = new MetricsLog(folder.MetricsPath);
        try
        {
            var hadLines = _metrics.Position > 0;
            var complete = _metrics.TruncateTo(resumeAt ?? 0);
            var (nextStep, nextEpoch) = FindNext(folder.MetricsPath);
            if (events)
            {
                _steps = new EventWriter(Path.Combine(folder.PathOf(RunFiles.Events), "steps"), hadLines ? nextStep : null);
                _epochs = new EventWriter(Path.Combine(folder.PathOf(RunFiles.Events), "epochs"), hadLines ? nextEpoch : null);
            }

            if (!complete)
            {
                Append(MetricRecord.OfEvent(nextEpoch, warning: true, "metrics_lost", "Lines of the log were lost before its checkpoint; curves have a gap."));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes of <c>metrics.jsonl</c> so far, for the checkpoint.</summary>
    public long Position => _metrics.Position;

    /// <summary>Writes a record to the log and what TensorBoard can show of it to the events.</summary>
    /// <exception cref="InputException">The disk is full.</exception>
    public void Append(MetricRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _metrics.Append(record);
        var epoch = (long)(record.Number(MetricFields.Epoch) ?? 0);
        switch (record.Kind)
        {
            case MetricFields.Step:
                AppendNumbers(_steps, $"{record.Text(MetricFields.Phase)}/", record, (long)(record.Number(MetricFields.Step) ?? 0));
                break;
            case MetricFields.Alpha:
                AppendAlpha(record, epoch);
                break;
            case MetricFields.Event:
                _epochs?.Text($"events/{record.Text(MetricFields.Name)}", record.Text(MetricFields.Text) ?? "", epoch);
                break;
            default:
                AppendNumbers(_epochs, "", record, epoch);
                break;
        }
    }

    /// <summary>Waits until the log is on the disk. Call it before saving a checkpoint that stores <see cref="Position"/>.</summary>
    public void FlushToDisk()
    {
        _metrics.FlushToDisk();
        _steps?.FlushToDisk();
        _epochs?.FlushToDisk();
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _steps?.Dispose();
        _epochs?.Dispose();
    }

    private static void AppendNumbers(EventWriter? writer, string prefix, MetricRecord record, long step)
    {
        if (writer is null)
        {
            return;
        }

        foreach (var (name, node) in record.Json)
        {
            if (!Coordinates.Contains(name) && MetricRecord.Decode(node) is { } value)
            {
                writer.Scalar(prefix + name, value, step);
            }
        }
    }

    private void AppendAlpha(MetricRecord record, long epoch)
    {
        if (_epochs is null || record.Rows(MetricFields.Probabilities) is not { } rows)
        {
            return;
        }

        var prefix = $"alpha_{record.Text(MetricFields.Network)}_{record.Text(MetricFields.Cell)}";
        _epochs.Histogram(prefix, rows.SelectMany(row => row), epoch);
        for (var edge = 0; edge < rows.Length; edge++)
        {
            _epochs.Scalar($"{prefix}_max/edge_{edge:D2}", rows[edge].Max(), epoch);
        }
    }

    /// <summary>The first step and the first epoch that the log does not hold.</summary>
    private static (long Step, long Epoch) FindNext(string path)
    {
        long step = 0, epoch = 0;
        foreach (var record in MetricsReader.Read(path))
        {
            switch (record.Kind)
            {
                case MetricFields.Step:
                    step = Math.Max(step, (long)(record.Number(MetricFields.Step) ?? -1) + 1);
                    break;
                case MetricFields.Epoch or MetricFields.Alpha:
                    epoch = Math.Max(epoch, (long)(record.Number(MetricFields.Epoch) ?? -1) + 1);
                    break;
            }
        }

        return (step, epoch);
    }
}
