using System.Globalization;
using DcpNas.Data;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Runs.Report;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>The page of an evaluation of embeddings: headline, CMC curve, where first matches stand, worst and best queries.</summary>
internal static class PersonReport
{
    private const int WorstQueries = 8, BestQueries = 4, Listed = 10;
    private static readonly int[] Ranks = [1, 5, 10, 20];
    private static readonly (string Name, int From, int To)[] Bins =
        [("rank 1", 1, 1), ("2 to 5", 2, 5), ("6 to 10", 6, 10), ("11 to 20", 11, 20), ("21 to 50", 21, 50), ("beyond 50", 51, int.MaxValue)];

    /// <summary>The page as text.</summary>
    /// <param name="evaluated">What was measured.</param>
    /// <param name="evaluator">Ranks the gallery for some queries.</param>
    /// <param name="setup">The images.</param>
    /// <param name="cancel">Stops the ranking.</param>
    public static string Render(PersonEvaluationOutcome evaluated, ReIdentificationEvaluator evaluator, PersonSetup setup, CancellationToken cancel)
    {
        var metrics = evaluated.Metrics;
        var judged = metrics.Queries.Where(query => query.Ranks.Count > 0).OrderBy(query => query.AveragePrecision).ThenByDescending(query => query.Ranks[0]).ToList();
        var page = new HtmlPage($"Evaluation of re-identification: {evaluated.Model}")
        {
            Subtitle = $"{evaluated.Dataset}; {evaluated.Protocol}; {judged.Count} queries{(metrics.SkippedQueries > 0 ? $", {metrics.SkippedQueries} without a match left out" : "")}, {metrics.GalleryImages} gallery images.",
        };
        page.Lead.Tiles(
        [
            ("mAP", Percent(metrics.MeanAveragePrecision)),
            ("mINP", Percent(metrics.MeanInverseNegativePenalty)),
            .. Ranks.Select(rank => ($"rank-{rank}", Percent(metrics.MatchingRate(rank)))),
        ]);
        foreach (var warning in evaluated.Warnings)
        {
            page.Lead.Notice(warning, warning: true);
        }

        page.Section("Cumulative matching characteristic", block => block.Charts(
            new LineChart
            {
                Title = "Share of queries with a match among the first ranks",
                XLabel = "rank",
                XRange = (1, ReIdentificationMetrics.CurveLength),
                YRange = (0, 1),
                Series = [new ChartSeries("CMC, last rank", [.. metrics.Curve.Select((share, index) => (index + 1.0, share))])],
            }.Render(),
            new BarChart { Title = "Queries by the rank of their first match", Bars = [.. Bins.Select(bin => (bin.Name, (double)judged.Count(query => query.Ranks[0] >= bin.From && query.Ranks[0] <= bin.To)))] }.Render(),
            new BarChart { Title = "Queries by average precision", Bars = [.. Enumerable.Range(0, 10).Select(bin => (Text($"{bin / 10.0:0.0} to {(bin + 1) / 10.0:0.0}"), (double)judged.Count(query => Math.Min(9, (int)(query.AveragePrecision * 10)) == bin)))] }.Render()));
        QueryMetrics[] worst = [.. judged.Take(WorstQueries)], best = [.. judged.TakeLast(BestQueries).Reverse().Except(worst)];
        var lists = evaluator.Rank([.. worst.Concat(best).Select(query => query.Query)], Listed, cancel);
        page.Section("Worst queries", block => AddLists(block, worst, lists, setup));
        page.Section("Best queries", block => AddLists(block, best, [.. lists.Skip(worst.Length)], setup));
        page.Section("Files", block => block.KeyValues([("measures", evaluated.JsonPath)]));
        return page.Render();
    }

    private static void AddLists(HtmlBlock block, QueryMetrics[] queries, IReadOnlyList<IReadOnlyList<RankedImage>> lists, PersonSetup setup)
    {
        block.Note("Each query with the gallery images that come nearest, best first; green ones show the same person. Images of the query's person and camera are left out.");
        var (asked, gallery) = (setup.Dataset.Query, setup.Dataset.Gallery);
        foreach (var (query, list) in queries.Zip(lists))
        {
            block.Heading(Text($"Person {asked.Identity(query.Query)}, camera {asked.Camera(query.Query)}: average precision {query.AveragePrecision:0.000}, matches from rank {query.Ranks[0]} to {query.Ranks[^1]}"));
            block.Gallery([(ImageEncoder.Png(asked, query.Query), "query", true), .. list.Select((ranked, place) => ranked.Image < gallery.Count
                ? (ImageEncoder.Png(gallery, ranked.Image), $"{place + 1}: person {gallery.Identity(ranked.Image)}, camera {gallery.Camera(ranked.Image)}", ranked.IsMatch)
                : (ImageEncoder.Png(setup.Distractors!, ranked.Image - gallery.Count), $"{place + 1}: distractor", false))]);
        }
    }

    private static string Percent(double share) => Text($"{share * 100:0.00} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
