using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>The page that shows runs, served by the program and read as a browser reads it.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task Watch_ServesTheRunsToThisMachineAndEndsAtCtrlC()
    {
        using var folder = new TemporaryFolder();
        Fill(folder);
        using var watch = Cli.Start(folder.Path, ["watch", "runs", "--port", "0"]);
        var line = await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("http://127.0.0.1:", line, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = new Uri(line!.Split(' ')[0]) };

        Assert.Contains("<title>dcpnas watch</title>", await Get(client, "/"), StringComparison.Ordinal);
        var runs = JsonNode.Parse(await Get(client, "/runs"))!["runs"]!.AsArray();
        Assert.Equal("s", (string)Assert.Single(runs)!["path"]!);
        Assert.Equal("[[1,0.25],[2,0.5]]", JsonNode.Parse(await Get(client, "/run?path=s"))!["curves"]!["supernet_valid_top1"]!.ToJsonString());
        Assert.Equal("the report", await Get(client, "/files/s/report.html"));
        foreach (var closed in (string[])["/files/s/options.json", "/files/..%2Fsecret.html", "/run?path=other", "/nothing"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(closed, TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/runs", null, TestContext.Current.CancellationToken)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/runs");
        foreign.Headers.Host = "example.org";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await client.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode);

        // The port is taken now.
        Assert.Contains("is in use. Name another one with --port", Cli.Run(folder.Path, ["watch", "runs", "--port", $"{client.BaseAddress!.Port}"]).Ends(2).Error, StringComparison.Ordinal);
        Cli.Interrupt(watch);
        Cli.Wait(watch).Ends(0);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Watch_InABrowser_ShowsTheRun(int width)
    {
        var browser = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(path => Path.Combine(path, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "There is no Chromium on the PATH (Debian: apt install chromium).");
        using var folder = new TemporaryFolder();
        Fill(folder);
        using var watch = Cli.Start(folder.Path, ["watch", "runs", "--port", "0"]);
        var address = (await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(' ')[0];

        var start = new ProcessStartInfo(
            browser!, ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder["browser"]}", $"--window-size={width},900", "--virtual-time-budget=5000", "--dump-dom", address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        var page = Cli.Wait(process).Ends(0).Output;
        Cli.Interrupt(watch);
        Cli.Wait(watch).Ends(0);

        Assert.Contains(": 1 run, 0 running, read at", page, StringComparison.Ordinal);
        Assert.Contains("search, parent, epoch 2 of 4", page, StringComparison.Ordinal);
        Assert.Contains("supernet valid top-1 <b>50.0 %</b>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/files/s/report.html\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Watch_OfWhatCannotBeWatched_SaysWhy()
    {
        Assert.Contains("is no folder. Name one that holds run folders", Cli.Run("watch", "/nowhere").Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--port must be 0 to 65535, got 70000.", Cli.Run("watch", ".", "--port", "70000").Ends(2).Error, StringComparison.Ordinal);
    }

    private static Task<string> Get(HttpClient client, string path) => client.GetStringAsync(path, TestContext.Current.CancellationToken);

    private static void Fill(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["runs/s"]);
        File.WriteAllText(folder["runs/s/options.json"], """{ "strategy": "dcp" }""");
        File.WriteAllText(folder["runs/s/report.html"], "the report");
        File.WriteAllText(folder["secret.html"], "secret");
        File.WriteAllLines(folder["runs/s/metrics.jsonl"], Enumerable.Range(0, 2).Select(epoch =>
            $$"""{"kind":"epoch","epoch":{{epoch}},"round":0,"phase":"parent","network":"parent","epochs":4,"seconds":2,"supernet_valid_top1":{{(epoch == 0 ? "0.25" : "0.5")}}}"""));
    }
}
