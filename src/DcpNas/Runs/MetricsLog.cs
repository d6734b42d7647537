using System.Text.Json;

namespace DcpNas.Runs;

/// <summary>Appends records to <c>metrics.jsonl</c>: one JSON object a line, handed to the system line by line.</summary>
/// <remarks>
/// A killed process loses no line. A checkpoint stores <see cref="Position"/>; the resumed run goes back to it with <see cref="TruncateTo"/>,
/// so its log is that of a run without a break. Not thread-safe: the loop that trains is the one that logs.
/// </remarks>
public sealed class MetricsLog : IDisposable
{
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a log, not HTML: keep +, < and µ readable
    };

    private readonly FileStream _stream;
    private readonly MemoryStream _line = new();

    /// <summary>Opens the log at its end; a last line that a kill cut short is removed.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public MetricsLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        try
        {
            _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            SetLength(EndOfLastLine(_stream.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _stream?.Dispose();
            throw AtomicFile.CannotWrite(path, error);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Bytes written so far; always the end of a line.</summary>
    public long Position => _stream.Position;

    /// <summary>Writes one line.</summary>
    /// <exception cref="InputException">The disk is full; the line is not left there in part.</exception>
    public void Append(MetricRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _line.SetLength(0);
        using (var writer = new Utf8JsonWriter(_line, Compact))
        {
            record.Json.WriteTo(writer);
        }

        _line.WriteByte((byte)'\n');
        var start = _stream.Position;
        try
        {
            _stream.Write(_line.GetBuffer(), 0, (int)_line.Length);
        }
        catch (IOException error)
        {
            SetLength(start);
            throw AtomicFile.CannotWrite(Path, error);
        }
    }

    /// <summary>Waits until all lines are on the disk. Call it before a checkpoint that stores <see cref="Position"/>.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_stream.SafeFileHandle);

    /// <summary>Removes every line after a position that a checkpoint stored.</summary>
    /// <returns>False if the file is shorter than that (lines were lost in a power failure); the log then goes on after the last whole line.</returns>
    /// <exception cref="InputException">The position is not the end of a line: the log is another one than the checkpoint's.</exception>
    public bool TruncateTo(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position > _stream.Length)
        {
            SetLength(EndOfLastLine(_stream.Length));
            return false;
        }

        if (EndOfLastLine(position) != position)
        {
            throw InputException.InFile(
                Path, $"byte {position}", "the end of a line, which the checkpoint remembers", "the middle of one",
                "The log belongs to another run; move it away to resume without it.");
        }

        SetLength(position);
        return true;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _line.Dispose();
    }

    private void SetLength(long length)
    {
        _stream.SetLength(length);
        _stream.Position = length;
    }

    /// <summary>The largest line end at or before a position; 0 if there is none.</summary>
    private long EndOfLastLine(long position)
    {
        var buffer = new byte[4096];
        while (position > 0)
        {
            var start = Math.Max(0, position - buffer.Length);
            var span = buffer.AsSpan(0, (int)(position - start));
            _stream.Position = start;
            _stream.ReadExactly(span);
            var index = span.LastIndexOf((byte)'\n');
            if (index >= 0)
            {
                return start + index + 1;
            }

            position = start;
        }

        return 0;
    }
}
