namespace DcpNas.Cli.Jobs;

/// <summary>Tells the process that has started this one about a job, at most once per percent.</summary>
/// <param name="writer">Where to.</param>
internal sealed class WorkerView(TextWriter writer) : IJobView
{
    private const int Steps = 100;
    private readonly Lock _lock = new();
    private (string Part, int Step) _told = ("", -1);

    /// <inheritdoc/>
    public void Progress(string part, double share)
    {
        lock (_lock)
        {
            if (_told != (part, (int)(share * Steps)))
            {
                _told = (part, (int)(share * Steps));
                Write(WorkerEvents.Progress(part, share));
            }
        }
    }

    /// <inheritdoc/>
    public void Warn(string text)
    {
        lock (_lock)
        {
            Write(WorkerEvents.Warn(text));
        }
    }

    private void Write(string line)
    {
        writer.WriteLine(line);
        writer.Flush();
    }
}
