using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.Search;

namespace DcpNas.Comparison;

/// <summary>Takes rows and seeds that earlier sessions have begun into the options of this one: naming fewer drops nothing from a report.</summary>
/// <param name="All">What the folder holds and the report shows: what was begun before, and what is asked for now.</param>
/// <param name="Asked">What this session does.</param>
/// <param name="MayChange">Dotted keys of options that may differ from those of the folder.</param>
internal sealed record ComparisonResume(ComparisonOptions All, ComparisonOptions Asked, IReadOnlyCollection<string> MayChange)
{
    /// <summary>The options of a session in a folder, new or not.</summary>
    /// <param name="options">What is asked for; without problems.</param>
    /// <param name="folder">The folder; need not exist.</param>
    /// <exception cref="InputException">The options of the folder cannot be read, or another primary row is named once results are known.</exception>
    public static ComparisonResume In(string folder, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = ComparisonEntries.Resolve(options);
        var path = Path.Combine(folder, RunFiles.Options);
        if (!File.Exists(path) || JsonFiles.ReadObject(path) is not { } json || !json.ContainsKey(ComparisonOptions.StrategiesKey))
        {
            options = options with { Primary = options.PrimaryRow };
            return new ComparisonResume(options, options, ComparisonOptions.MayChange); // the folder is new, or refused because it is no comparison
        }

        var before = ComparisonOptions.FromJson(OptionsJson.Current(typeof(ComparisonOptions), json, path).ToJsonString(), path);
        if (before.Primary is null && options.Primary is { } named && named != before.RowNames[0])
        {
            throw new InputException($"{folder}: was begun without a primary row, so it is the first, '{before.RowNames[0]}'; '{named}' cannot be named once results are known. Leave primary out, or use another folder.");
        }

        options = options with { Primary = options.Primary ?? before.PrimaryRow };
        var begun = BegunRows(folder, before);
        var rows = new OrderedDictionary<string, RowDefinition>(before.Rows.Where(row => begun.ContainsKey(row.Key) && !options.Rows.ContainsKey(row.Key)));
        foreach (var (name, row) in options.Rows)
        {
            rows[name] = row;
        }

        var seeds = begun.Values.SelectMany(seeds => seeds).Distinct().ToHashSet();
        IReadOnlyList<int> searchSeeds = [.. before.SeedsOfSearch.Where(seeds.Contains).Union(options.SeedsOfSearch).Order()];
        var isSeparate = options.SearchSeeds is not null;
        var all = options with
        {
            Strategies = [.. before.Strategies.Where(begun.ContainsKey).Union(options.Strategies)],
            Rows = rows,
            Seeds = isSeparate ? options.Seeds : searchSeeds,
            SearchSeeds = isSeparate ? searchSeeds : null,
            Population = options.Population ?? before.Population,
            TrainSeeds = (before.TrainSeeds ?? options.TrainSeeds) is null ? null : [.. (before.TrainSeeds ?? []).Union(options.TrainSeeds ?? []).Order()],
        };
        return new ComparisonResume(all, options, [.. ComparisonOptions.MayChange, .. RowKeys(json, all, begun), .. NewKeys(json, options)]);
    }

    /// <summary>The jobs of this session.</summary>
    public IReadOnlyList<ComparisonJob> Jobs()
    {
        // Planned among all rows, so that those which ask for the same as an earlier one share its job.
        var plan = ComparisonJob.Plan(Asked with { Strategies = All.Strategies, Rows = All.Rows });
        var workers = ComparisonEntries.Of(All).Where(entry => Asked.RowNames.Contains(entry.Name)).Select(entry => entry.Worker).ToHashSet();
        return [.. plan.Where(job => workers.Contains(job.Strategy))];
    }

    /// <summary>What is known of all jobs of a report.</summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <param name="all">Everything that it holds.</param>
    public static IReadOnlyList<JobRecord> Records(string folder, ComparisonOptions all)
    {
        var planned = ComparisonJob.Plan(all).ToDictionary(job => job.Name);
        return [.. ComparisonEntries.Of(all).Select(entry => entry.Worker).Distinct()
            .SelectMany(row => Seeds(all).Where(seed => ComparisonQueue.HasBegun(folder, row, seed) || planned.ContainsKey(ComparisonJob.NameOf(row, seed)))
                .Select(seed => planned.TryGetValue(ComparisonJob.NameOf(row, seed), out var job) ? ComparisonQueue.Read(folder, job) : ComparisonQueue.Read(folder, row, seed)))];
    }

    /// <summary>Every seed that a job can have.</summary>
    private static IEnumerable<int> Seeds(ComparisonOptions options) => options.SeedsOfSearch.Union(options.TrainSeeds ?? []);

    private static Dictionary<string, List<int>> BegunRows(string folder, ComparisonOptions before) => ComparisonEntries.Of(before)
        .Select(entry => (entry.Name, Seeds: Seeds(before).Where(seed => ComparisonQueue.HasBegun(folder, entry.Worker, seed)).ToList()))
        .Where(row => row.Seeds.Count > 0).ToDictionary(row => row.Name, row => row.Seeds);

    /// <summary>Options that a folder of an earlier version lacks, where they have the value that it worked by.</summary>
    private static IEnumerable<string> NewKeys(JsonObject before, ComparisonOptions now)
    {
        (string Key, bool IsAsBefore)[] keys = [(ComparisonOptions.PrimaryKey, true), (ComparisonOptions.EqualOpsKey, now.EqualOps)];
        var search = (Before: before["search"] as JsonObject, Now: now.Search.ToJson());
        return keys.Where(pair => pair.IsAsBefore && before[pair.Key] is null).Select(pair => pair.Key)
            .Concat(SearchOptions.BeforeExisting
                .Where(pair => search.Before?.ContainsKey(pair.Key) == false && JsonNode.DeepEquals(pair.Value, search.Now[pair.Key])).Select(pair => $"search.{pair.Key}"));
    }

    /// <summary>The keys of rows that may differ: those of rows which nothing was done for.</summary>
    private static IEnumerable<string> RowKeys(JsonObject before, ComparisonOptions now, Dictionary<string, List<int>> begun) =>
        ((JsonObject[])[before, now.ToJson()]).Select(json => json[ComparisonOptions.RowsKey]).OfType<JsonObject>()
            .SelectMany(rows => rows.Where(row => !begun.ContainsKey(row.Key) && row.Value is JsonObject)
                .SelectMany(row => JsonFiles.Flatten((JsonObject)row.Value!).Keys.Select(key => $"{ComparisonOptions.RowsKey}.{row.Key}.{key}")))
            .Distinct();
}
