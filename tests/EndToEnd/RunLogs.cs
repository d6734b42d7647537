using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>The log of a run, while it grows and afterwards.</summary>
internal static class RunLogs
{
    private static readonly string[] TimeFields = ["seconds", "cpu_seconds", "images_per_second", "data_wait_seconds", "peak_memory_mb"];

    public static void WaitForLines(Process process, string path, int count) => Cli.WaitFor(process, () => File.Exists(path) && CountLines(path) >= count);

    public static string[] MetricsWithoutTimes(string path) =>
    [
        .. File.ReadLines(path).Select(line =>
        {
            var record = JsonNode.Parse(line)!.AsObject();
            foreach (var field in TimeFields)
            {
                record.Remove(field);
            }

            return record.ToJsonString();
        }),
    ];

    private static int CountLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
