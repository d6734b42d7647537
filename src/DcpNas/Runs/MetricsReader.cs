using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>Reads <c>metrics.jsonl</c>, also while another process writes it.</summary>
public static class MetricsReader
{
    /// <summary>All records. A last line without its line end was cut by a kill and is left out; a missing file has no records.</summary>
    /// <exception cref="InputException">The file cannot be opened, or a whole line is not a JSON object; the message names the line.</exception>
    public static IReadOnlyList<MetricRecord> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            return [];
        }

        var records = new List<MetricRecord>();
        using var stream = InputFile.OpenRead(path);
        var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            var rest = buffer.AsSpan(0, count);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                line.Write(rest[..end]);
                records.Add(Parse(path, records.Count + 1, line.GetBuffer().AsSpan(0, (int)line.Length)));
                line.SetLength(0);
            }

            line.Write(rest);
        }

        return records;
    }

    private static MetricRecord Parse(string path, int number, ReadOnlySpan<byte> line)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject record)
            {
                return new MetricRecord(record);
            }
        }
        catch (JsonException error)
        {
            throw Broken(path, number, line, error);
        }

        throw Broken(path, number, line, null);
    }

    private static InputException Broken(string path, int number, ReadOnlySpan<byte> line, Exception? cause)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)]);
        return InputException.InFile(path, $"line {number}", "a JSON object", $"'{text}'", "Remove the line, or use a copy of the file.", cause);
    }
}
