using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DcpNas.Candidates;
using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>Finds out what the names of rows stand for.</summary>
internal static partial class ComparisonEntries
{
    // Networks are compared on the same images, and each job has a genotype and a seed of its own.
    private static readonly string[] FixedSearch = ["strategy", "seed"];
    private static readonly string[] FixedTrain = ["genotype", "architecture", "seed", "dataset", "data", "test_images", "image_size", "resize_to"];

    /// <summary>The rows of a comparison, in their order.</summary>
    /// <exception cref="OptionsException">A row cannot be used; all faults are named.</exception>
    public static IReadOnlyList<ComparisonEntry> Of(ComparisonOptions options)
    {
        var problems = new List<string>();
        var entries = Of(options, problems);
        return problems.Count == 0 ? entries : throw new OptionsException("options", problems);
    }

    /// <summary>The rows that can be used.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="problems">Takes what is wrong with the others.</param>
    public static IReadOnlyList<ComparisonEntry> Of(ComparisonOptions options, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        var own = options.Rows.Where(row => IsNameFree(row.Key, problems))
            .Select(row => OfDefinition(row.Key, row.Value, options, problems)).OfType<ComparisonEntry>().ToList();

        // Where two ask for the same, the first of them does the work; the predefined ones come first, so that a row's folder does not depend on the others.
        var all = ComparisonStrategies.All.Select(strategy => OfStrategy(strategy, options)).Concat(own)
            .Concat(GenotypePresets.All.Select(preset => OfGenotype(preset.Name, $"the published genotype {preset.Name}", preset.Genotype, options))).ToList();
        var entries = new List<ComparisonEntry>();
        foreach (var name in options.RowNames)
        {
            if (all.FirstOrDefault(entry => entry.Name == name) is { } entry)
            {
                entries.Add(entry with { Worker = all.First(other => other.IsAs(entry)).Name });
            }
            else if (!options.Rows.ContainsKey(name))
            {
                string[] known = [.. all.Select(other => other.Name)];
                problems.Add($"strategies must be among {string.Join(", ", known)}, got '{name}'. Did you mean '{Nearest.Of(name, known)}'? A row of your own needs a definition: --row NAME=BASE, or the section rows.");
            }
        }

        return entries;
    }

    /// <summary>The same comparison with every genotype in its text form, so that a file which changes later is noticed.</summary>
    public static ComparisonOptions Resolve(ComparisonOptions options) => options with
    {
        Rows = new OrderedDictionary<string, RowDefinition>(options.Rows.Select(row => KeyValuePair.Create(
            row.Key, ComparisonStrategies.Names.Contains(row.Value.Base) ? row.Value : row.Value with { Base = Genotype.Resolve(row.Value.Base).ToString() }))),
    };

    private static bool IsNameFree(string name, List<string> problems)
    {
        var problem = !NameForm().IsMatch(name) ? $"rows: a name must be 1 to 60 letters, digits, '_', '-' or '.', and begin with a letter or digit, got '{name}'."
            : ComparisonStrategies.Names.Contains(name) ? $"rows: '{name}' is a predefined row. Choose another name, and '{name}' as its base."
            : Genotype.FindPreset(name) is not null ? $"rows: '{name}' is a published genotype. Choose another name, and '{name}' as its base."
            : null;
        if (problem is not null)
        {
            problems.Add(problem);
        }

        return problem is null;
    }

    private static ComparisonEntry OfStrategy(ComparisonStrategy strategy, ComparisonOptions options)
    {
        var search = SizedAs(strategy.Apply(options.Search), options.Train, options);
        var byLoss = !search.Row.IsDrawn && search.SelectionScore != options.Search.SelectionScore ? ", genotypes ordered by the loss, as it has no discrepancy" : "";
        return new(strategy.Name, strategy.Meaning + byLoss, strategy.Kind, search, options.Train) { Paper = strategy.Paper, CandidateEpochs = BriefTraining.Epochs(null, options.Train) };
    }

    /// <summary>A search whose limits are about the network that is trained, where all have the width of the training; without limits, or at equal OPs, as it is.</summary>
    private static SearchOptions SizedAs(SearchOptions search, TrainOptions train, ComparisonOptions options) => options.EqualOps || !search.IsLimited ? search : search with
    {
        FinalChannels = train.Channels ?? NetworkNames.DefaultChannels(NetworkNames.Cells),
        FinalCells = train.Cells ?? TrainingOptions.DefaultCells,
        FinalStem = train.Stem,
        FinalStemMultiplier = train.StemMultiplier,
    };

    private static ComparisonEntry OfGenotype(string name, string meaning, Genotype genotype, ComparisonOptions options) =>
        new(name, meaning, RowKind.Genotype, options.Search, options.Train) { Genotype = genotype };

    private static ComparisonEntry? OfDefinition(string name, RowDefinition row, ComparisonOptions options, List<string> problems)
    {
        var before = problems.Count;
        var strategy = ComparisonStrategies.All.FirstOrDefault(known => known.Name == row.Base);
        var genotype = strategy is null ? Find(name, row.Base, problems) : null;
        var isRandomK = strategy?.Kind == RowKind.BestOfRandom;
        var common = strategy?.Apply(options.Search) ?? options.Search; // a row may also change what its base sets
        var search = Merge(name, "search", common.ToJson(), row.Search, FixedSearch, SearchOptions.Keys, SearchOptions.FromJson, common, problems);
        string[] fixedTrain = options.EqualOps ? [.. FixedTrain, "channels"] : FixedTrain;
        var train = Merge(name, "train", options.Train.ToJson(), row.Train, fixedTrain, TrainOptions.Keys, TrainOptions.FromJson, options.Train, problems);
        if (strategy is null && genotype is not null && row.Search.Count > 0)
        {
            problems.Add($"rows.{name}.search must be absent: a genotype is given, so nothing is searched.");
        }

        if (strategy is null or { Name: ComparisonStrategies.Random } && (row.Candidates ?? row.CandidateEpochs) is not null)
        {
            problems.Add($"rows.{name}: candidates and candidate_epochs are for searches and {ComparisonStrategies.RandomK}, got the base '{row.Base}'.");
        }

        if (!isRandomK && row is { Candidates: null, CandidateEpochs: not null })
        {
            problems.Add($"rows.{name}: candidate_epochs says nothing without candidates.");
        }

        Check(row.Candidates is null or >= 1, $"rows.{name}.candidates must be at least 1, got {row.Candidates}.");
        Check(row.CandidateEpochs is null or >= 1, $"rows.{name}.candidate_epochs must be at least 1, got {row.CandidateEpochs}.");
        if (problems.Count > before)
        {
            return null;
        }

        var entry = strategy is not null
            ? OfStrategy(strategy, options with { Train = train }) with { Search = SizedAs(search, train, options) }
            : OfGenotype(name, "a given genotype", genotype!, options with { Train = train });
        entry = entry with
        {
            Name = name,
            Worker = name,
            Paper = null,
            Meaning = string.Join(", ", (string[])[entry.Meaning, .. Differences(row.Search, ""), .. Differences(row.Train, "train.")]),
            Candidates = row.Candidates,
            CandidateEpochs = isRandomK || row.Candidates is not null ? BriefTraining.Epochs(row.CandidateEpochs, train) : 0,
        };
        problems.AddRange(entry.Search.Problems().Except(options.Search.Problems()).Select(problem => $"rows.{name}.search.{problem}"));
        problems.AddRange((train with { Genotype = "found" }).Problems().Except((options.Train with { Genotype = "found" }).Problems()).Select(problem => $"rows.{name}.train.{problem}"));
        return problems.Count == before ? entry : null;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    private static Genotype? Find(string name, string text, List<string> problems)
    {
        try
        {
            return Genotype.Resolve(text);
        }
        catch (InputException error)
        {
            problems.Add(File.Exists(text) || text.Contains('[')
                ? $"rows.{name}.base: {error.Message}"
                : $"rows.{name}.base must be a row ({string.Join(", ", ComparisonStrategies.Names)}) or a genotype: a preset ({string.Join(", ", GenotypePresets.All.Select(preset => preset.Name))}), a file or a text, got '{text}'."
                    + Nearest.Hint(text, [.. ComparisonStrategies.Names, .. GenotypePresets.All.Select(preset => preset.Name)]));
            return null;
        }
    }

    private static T Merge<T>(
        string row, string section, JsonObject common, JsonObject own, string[] reserved, IReadOnlyList<string> keys, Func<string, string, T> read, T fallback, List<string> problems)
    {
        string[] refused = [.. own.Select(entry => entry.Key).Where(reserved.Contains)];
        problems.AddRange(refused.Select(key => $"rows.{row}.{section}.{key} must be absent: {Reserved(key)}."));
        if (refused.Length > 0)
        {
            return fallback;
        }

        // An unknown key is named alone, without those of the common options.
        string[] unknown = [.. own.Select(entry => entry.Key).Where(key => !keys.Contains(key))];
        problems.AddRange(unknown.Select(key => $"rows.{row}.{section}: unknown key '{key}'.{Nearest.Hint(key, keys)}"));
        var merged = (JsonObject)common.DeepClone();
        foreach (var (key, value) in own)
        {
            merged[key] = value?.DeepClone();
        }

        if (unknown.Length > 0)
        {
            return fallback;
        }

        try
        {
            return read(merged.ToJsonString(), $"rows.{row}.{section}");
        }
        catch (OptionsException error)
        {
            problems.AddRange(error.Problems.Select(problem => $"rows.{row}.{section}.{problem}"));
            return fallback;
        }
    }

    private static string Reserved(string key) => key switch
    {
        "strategy" or "genotype" or "architecture" => "it is that of the base",
        "seed" => "it is that of each job",
        "channels" => "every network has the width at which its OPs come nearest to the target",
        _ => "all rows are tested on the same images",
    };

    private static IEnumerable<string> Differences(JsonObject own, string prefix) => own.Select(entry => $"{prefix}{entry.Key} = {JsonFiles.Show(entry.Value)}");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
    private static partial Regex NameForm();
}
