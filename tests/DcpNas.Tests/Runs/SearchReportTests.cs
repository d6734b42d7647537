using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Runs;

public class SearchReportTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&</pre></table>";

    public SearchReportTests() => LibTorch.Load();

    private static RunFolder Start(TemporaryFolder folder, string command = "dcpnas search --run runs/a", JsonObject? options = null) =>
        RunFolder.Start(folder["cifar10-seed3"], options ?? SyntheticRun.Options, RunEnvironment.Collect("cpu"), command);

    private static string Report(TemporaryFolder folder, int epochs, bool finish, int planned = 50)
    {
        using (var run = Start(folder))
        using (var log = new RunLog(run, events: false))
        {
            SyntheticRun.Write(log, epochs, stepsPerEpoch: 4, planned);
            if (finish)
            {
                SyntheticRun.Finish(run, log);
            }
        }

        using var read = RunFolder.OpenForReading(folder["cifar10-seed3"]);
        return File.ReadAllText(SearchReport.Build(read));
    }

    [Fact]
    public void Build_FinishedRun_SaysEverything()
    {
        using var folder = new TemporaryFolder();

        var html = Report(folder, 50, finish: true);

        AssertPage(html);
        foreach (var text in (string[])
            [
                "Architecture search: cifar10-seed3", "class=\"badge finished\"", "dcp-nas", "CIFAR-10, half of the training images", "50 of 50", ">paper<",
                "normal:    n2[sep_conv_3x3&lt;-0, max_pool_3x3&lt;-1]", "alt=\"Normal cell: every edge keeps the size of the image\" src=\"data:image/svg+xml;base64,", "child, reduction cell",
                "The same for the parent", "48,210,432", "Mbit", "The skip share of the normal cell rose above 0.5", "Budget: no limit was set.", "child supernet valid top-1, epoch 50",
                "search.lambda", "0.005", "libtorch", "dcpnas search --run runs/a", "<th class=\"n\">written</th><th>file</th>", "<td>metrics.jsonl</td></tr>", "The command that made this run:", "Health: 1 warning.",
            ])
        {
            Assert.Contains(text, html);
        }

        Assert.DoesNotContain("no data yet", html);
        Assert.DoesNotContain("run.lock", html);
    }

    [Fact]
    public void Build_WithAFolderThatMayNotBeRead_NamesItBelowTheFiles()
    {
        using var folder = new TemporaryFolder();
        Start(folder).Dispose();
        using var closed = new ClosedFolder(folder["cifar10-seed3/events-old"]);
        Assert.Contains("<p class=\"note\">events-old: could not be read when this page was made, so its files are not listed.</p>", Report(folder, 2, finish: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithATrainingOfTheFoundNetworkInside_TellsItsResultsAsWell()
    {
        using var folder = new TemporaryFolder();
        Assert.DoesNotContain("Found network, trained", Report(folder, 5, finish: true));
        var training = Path.Combine(folder["cifar10-seed3"], RunFiles.TrainFolder);
        using (var run = RunFolder.Start(training, new JsonObject { ["validation_share"] = 0.1 }, RunEnvironment.Collect("cpu"), "dcpnas quickstart"))
        {
            run.WriteText(RunFiles.Results, """
                {"dataset":"synthetic shapes","images":{"train":90,"validation":10,"test":50,"test_available":50},"best_epoch":3,"validation":{"top1":0.5},"test":{"top1":0.625}}
                """);
        }

        using var search = RunFolder.OpenForReading(folder["cifar10-seed3"]);
        var html = File.ReadAllText(SearchReport.Build(search));
        AssertPage(html);
        foreach (var text in (string[])["Found network, trained", "0.625", "synthetic shapes", "train/report.html", "Training: learning curves", "Training: sample predictions"])
        {
            Assert.Contains(text, html);
        }
    }

    [Fact]
    public void Build_EveryAccuracy_IsLabelledSupernet()
    {
        using var folder = new TemporaryFolder();
        var html = Report(folder, 20, finish: false);
        var legend = Regex.Matches(html, "<text[^>]*>([^<]*) <tspan").Select(match => match.Groups[1].Value).Where(name => Regex.IsMatch(name, "valid|train")).ToList();
        Assert.NotEmpty(legend);
        Assert.All(legend, name => Assert.Contains("supernet", name));
        Assert.All(Regex.Matches(html, "[^<>]*top-1[^<>]*").Select(match => match.Value), text => Assert.Contains("supernet", text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    public void Build_UnfinishedRun_SaysWhatIsMissing(int epochs)
    {
        using var folder = new TemporaryFolder();

        var html = Report(folder, epochs, finish: false);

        AssertPage(html);
        Assert.Contains("class=\"badge interrupted\"", html);
        Assert.Contains("The run is unfinished. Run its command again in the same folder to resume it.", html);
        Assert.Contains("The command that resumes this run:", html);
        Assert.Contains("No genotype yet (genotype.json).", html);
        Assert.Contains($"{epochs} of 50", html);
    }

    [Fact]
    public void Build_RunInProgress_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run);
        SyntheticRun.Write(log, 3);

        Assert.Contains("class=\"badge running\"", SearchReport.Render(RunFolder.OpenForReading(run.Path)));
        Assert.Contains("class=\"badge running\"", SearchReport.Render(run, running: true));
        Assert.Contains("class=\"badge interrupted\"", SearchReport.Render(run)); // the process that holds the lock reports when it stops
    }

    [Fact]
    public void Build_EpochsThatStateTheirNetworkAndGenotype_UsesBoth()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run, events: false);
        foreach (var (epoch, network, genotype) in ((int, string, string)[])[(0, "parent", "a<-0"), (1, "child", "b<-0"), (2, "child", "b<-0")])
        {
            log.Append(MetricRecord.OfEpoch(epoch, 0, "warmup").Set("network", network).Set("supernet_valid_top1", 0.25).Set("genotype", $"normal: {genotype} | reduction: c"));
        }

        var html = SearchReport.Render(run);

        AssertPage(html);
        Assert.Contains("parent supernet valid <tspan", html);
        Assert.Contains("child supernet valid <tspan", html);
        Assert.Contains("Genotype if the search ended after epoch 3:", html);
        Assert.Contains("<pre>normal: b&lt;-0\nreduction: c</pre>", html);
        Assert.Contains("The strongest genotype changed 1 time, last in epoch 2 of 3.", html);
    }

    [Fact]
    public void Build_WithLimits_ShowsThemBesideTheResult()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder, options: new JsonObject { ["max_ops"] = 50e6, ["max_memory_mbit"] = 8 });
        using var log = new RunLog(run, events: false);
        foreach (var (epoch, phase, ops) in ((int, string, double)[])[(0, "warmup", 60e6), (1, "parent", 55e6), (2, "child", 52e6), (3, "child", 49e6)])
        {
            log.Append(MetricRecord.OfEpoch(epoch, 0, phase).Set("supernet_valid_top1", 0.17034).Set("expected_ops", ops).Set("expected_memory_mbit", 7.5));
        }

        log.Append(MetricRecord.OfEvent(3, true, "budget", "The strongest within the budget was taken."));
        run.WriteText("cost.json", """{"rows":[],"detail":{"total":{"ops":49500000,"memory_mbit":8.25}}}""");

        var html = SearchReport.Render(run);

        AssertPage(html);
        Assert.Contains("<td>OPs (FLOPs + BOPs/64)</td><td class=\"n\">50,000,000</td><td class=\"n\">49,500,000</td><td>kept</td>", html);
        Assert.Contains("<td>memory of the weights, Mbit</td><td class=\"n\">8</td><td class=\"n\">8.25</td><td>exceeded</td>", html);
        Assert.Contains("OPs (FLOPs + BOPs/64): the expectation was above the limit, so that the cost term acted on alpha, after 2 of 3 epochs of alpha, first after epoch 2 and last after epoch 3.", html);
        Assert.Contains("memory of the weights, Mbit: the expectation kept to the limit after each of the 3 epochs of alpha, so the cost term of its loss rested.", html);
        Assert.Contains("Budget, epoch 4: The strongest within the budget was taken.", html);
        Assert.Contains("Health: no warning.", html);
        Assert.Equal(2, Regex.Count(html, "<text[^>]*>limit <tspan"));
        Assert.Contains("<b>17.0 %</b><span>child supernet valid top-1, epoch 4</span>", html);
    }

    [Theory]
    [InlineData(0.13, "<p class=\"notice warning\">Undecided: alpha has a clear winner on 0 of 8 kept edges of the normal cell")]
    [InlineData(0.6, "<p class=\"notice\">Decided: alpha has a clear winner on 8 of 8 kept edges of the normal cell")]
    public void Build_UndecidedSearch_SaysSoAndNamesTheRemedy(double winner, string notice)
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run, events: false);
        var drawn = Discretizer.Random(1);
        var rows = Enumerable.Repeat(Enumerable.Range(0, 8).Select(column => column == 4 ? winner : (1 - winner) / 7).ToArray(), 14).ToArray();
        var decision = GenotypeDecision.Of(rows, rows, drawn);
        log.Append(MetricRecord.OfEpoch(0, 0, "child").Set("winner_probability_normal", winner).Set("decided_edges_normal", 8L).Set("decision", decision.ToJson()));
        Assert.Contains("After epoch 1, child; the search may still decide more.", SearchReport.Render(run));
        run.WriteText("genotype.json", (drawn with { Decision = decision }).ToJson());
        log.Append(MetricRecord.OfEvent(0, false, "finished", "done"));

        var html = SearchReport.Render(run);

        AssertPage(html);
        Assert.Contains(notice, html);
        Assert.Equal(!decision.IsDecided, html.Contains("raise alpha_travel", StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(html, "cell: probability of the winner on each edge</text>"));
        Assert.Contains("Kept edges that are decided", html);
        Assert.Equal(28, Regex.Count(html, "<td>sep_conv_3x3</td><td class=\"n\">")); // a row per edge
    }

    [Fact]
    public void Build_EntropyOfASearchThatDecidesNothing_StaysAtTheTopOfItsAxis()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run, events: false);
        foreach (var (epoch, entropy) in ((int, double)[])[(0, 2.0794), (1, 2.0790), (2, 2.0786)])
        {
            log.Append(MetricRecord.OfEpoch(epoch, 0, "child").Set("alpha_entropy_normal", entropy));
        }

        var chart = Regex.Match(SearchReport.Render(run), "<svg(?:(?!</svg>).)*Entropy of softmax(?:(?!</svg>).)*</svg>", RegexOptions.Singleline).Value;

        Assert.Contains("Entropy of softmax(alpha), nats: log 8 = 2.08 is uniform", chart);
        var heights = Regex.Matches(chart, "cy=\"([0-9.]+)\"").Select(match => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(3, heights.Count);
        Assert.InRange(heights.Max() - heights.Min(), 0, 0.2); // pixels of some two hundred
        Assert.Contains(">0.0<", chart);
    }

    [Fact]
    public void Build_WithoutTangents_LeavesTheirChartsOut()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run, events: false);
        log.Append(MetricRecord.OfEpoch(0, 0, "child").Set("supernet_valid_top1", 0.5).Set("child_loss", 1.0).Set("alpha_entropy_normal", 2.0).Set("skip_share", 0.5));

        var html = SearchReport.Render(run);

        Assert.DoesNotContain("Discrepancy of the tangents", html);
        Assert.DoesNotContain("Cosine between", html);
        Assert.DoesNotContain("Reconstruction error", html);
        Assert.Contains("No tangents were compared in the epochs so far.", html);
        Assert.Contains("epoch 1: 0.5</title>", html);
        Assert.DoesNotContain("epoch 0", html);
    }

    [Fact]
    public void Build_TornLastLine_IsLeftOut()
    {
        using var folder = new TemporaryFolder();
        Report(folder, 5, finish: false);
        File.AppendAllText(folder["cifar10-seed3/metrics.jsonl"], "{\"kind\":\"epoch\",\"ep");

        var html = SearchReport.Render(RunFolder.OpenForReading(folder["cifar10-seed3"]));

        AssertPage(html);
        Assert.Contains("5 of 50", html);
    }

    [Fact]
    public void Build_HostileTexts_AreEscapedEverywhere()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder, Hostile, new JsonObject { ["strategy"] = Hostile, ["dataset"] = Hostile, [Hostile] = Hostile, ["scheme"] = Hostile, ["seed"] = Hostile });
        using var log = new RunLog(run, events: false);
        log.Append(MetricRecord.OfEvent(1, true, Hostile, Hostile));
        log.Append(MetricRecord.OfEvent(1, true, "budget", Hostile));
        log.Append(MetricRecord.OfStep(1, 1, 0, Hostile, 1, 1));
        log.Append(MetricRecord.OfEpoch(1, 0, Hostile).Set("supernet_valid_top1", 0.5).Set(Hostile, 3.0));
        log.Append(MetricRecord.OfAlpha(1, Hostile, "normal", Enumerable.Repeat(Enumerable.Repeat(0.125, 8), 14)));
        run.WriteText("genotype.json", new JsonObject { ["normal"] = Hostile, ["provenance"] = new JsonObject { ["strategy"] = Hostile } }.ToJsonString());
        run.WriteText("cost.json", new JsonObject { ["rows"] = new JsonArray(new JsonObject { ["name"] = Hostile, ["value"] = Hostile, ["unit"] = Hostile, ["note"] = Hostile }) }.ToJsonString());
        run.WriteText("normal.svg", $"<svg xmlns=\"http://www.w3.org/2000/svg\">{Hostile}</svg>");
        run.WriteText($"a&lt;b {'"'}x{'"'}.txt", "");

        var html = SearchReport.Render(run);

        AssertPage(html);
        Assert.True(Regex.Count(html, "&lt;script&gt;") >= 15);
        Assert.Contains("a&amp;lt;b &quot;x&quot;.txt", html);
    }

    [Fact]
    public void Build_LongRun_StaysBelowAMegabyte()
    {
        using var folder = new TemporaryFolder();
        Assert.InRange(Report(folder, 600, finish: true, planned: 600).Length, 200_000, 1_000_000);
    }

    [Fact]
    public void Build_ValuesThatAreNotNumbers_MakeNoBrokenPath()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        using var log = new RunLog(run, events: false);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            log.Append(MetricRecord.OfEpoch(epoch, 0, "parent").Set("supernet_valid_top1", epoch == 2 ? double.NaN : 0.5).Set("parent_loss", double.PositiveInfinity).Set("seconds", double.NaN));
            log.Append(MetricRecord.OfAlpha(epoch, "child", "normal", Enumerable.Repeat(Enumerable.Repeat(double.NaN, 8), 14)));
        }

        var html = SearchReport.Render(run);

        AssertPage(html);
        Assert.DoesNotMatch("""(d|x|y|cx|cy|width|height)="[^"]*(NaN|Infinity|∞)""", html);
    }

    [Fact]
    public void Build_CostInAnotherForm_ShowsItsLeaves()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        run.WriteText("cost.json", """{"total":{"ops":12345678},"layers":[1]}""");
        var html = SearchReport.Render(run);
        Assert.Contains("<td>total.ops</td><td class=\"n\">12,345,678</td>", html);
    }

    [Fact]
    public void Build_DamagedFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        using var run = Start(folder);
        run.WriteText("cost.json", "{");
        Assert.StartsWith($"{run.PathOf("cost.json")}: at line 1, expected a JSON object", Assert.Throws<InputException>(() => SearchReport.Build(run)).Message);
    }

    [Fact]
    public void Kept_OfAGenotype_IsTheRowsOfAlpha()
    {
        var genotype = (JsonObject)JsonNode.Parse("""
            {"normal":{"nodes":[
              {"edges":[{"operation":"a","input":0},{"operation":"a","input":1}]},
              {"edges":[{"operation":"a","input":0},{"operation":"a","input":2}]},
              {"edges":[{"operation":"a","input":1},{"operation":"a","input":3}]},
              {"edges":[{"operation":"a","input":0},{"operation":"a","input":4}]}]}}
            """)!;
        Assert.Equal([0, 1, 2, 4, 6, 8, 9, 13], new GenotypeSketch(genotype).Kept("normal").Order());
        Assert.Empty(new GenotypeSketch(genotype).Kept("reduction"));
    }

    /// <summary>Well-formed, no script, nothing loaded from elsewhere.</summary>
    private static void AssertPage(string html)
    {
        Assert.Contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'", html);
        Assert.DoesNotMatch("<(script|iframe|object|embed|link|base|form)[ >]", html);
        Assert.All(Regex.Matches(html, "(?:src|href)=\"([^\"]*)").Select(match => match.Groups[1].Value), target => Assert.Matches("^(data:image/svg|#s[0-9]+$)", target));
        Assert.DoesNotMatch(@"url\(|@import", html);
        Assert.DoesNotMatch("<[^>]* on[a-z]+=", html);
        var open = new Stack<string>();
        foreach (Match tag in Regex.Matches(html, "<(/?)([a-z0-9]+)(?: (?:[a-zA-Z:-]+(?:=\"[^\"<>]*\")? ?)*)?(/?)>"))
        {
            var (closes, name, empty) = (tag.Groups[1].Length > 0, tag.Groups[2].Value, tag.Groups[3].Length > 0);
            if (closes)
            {
                Assert.Equal(open.Pop(), name);
            }
            else if (!empty && name is not ("meta" or "img"))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
        Assert.Equal(Regex.Count(html, "<"), Regex.Count(html, "<(/?)([a-z0-9]+)(?: (?:[a-zA-Z:-]+(?:=\"[^\"<>]*\")? ?)*)?(/?)>") + 1); // the doctype
    }
}
