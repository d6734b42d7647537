using System.Diagnostics;

namespace DcpNas.Cli.Display;

/// <summary>Progress as lines, where stderr is a file or a pipe: those that stay, and one every half minute between them.</summary>
internal sealed class PlainView(TextWriter writer) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private long _last = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Run(string name, Action work) => work();

    /// <inheritdoc/>
    public void Say(string text, Tone tone)
    {
        writer.WriteLine(tone == Tone.Alarming && !text.StartsWith("warning: ", StringComparison.Ordinal) ? $"warning: {text}" : text);
        _last = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Update(IProgressStatus status)
    {
        if (Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            Say(status.Line(), Tone.Plain);
        }
    }
}
