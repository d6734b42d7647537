using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using DcpNas.Candidates;
using DcpNas.Comparison;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using DcpNas.Evaluation;
using DcpNas.Export;
using DcpNas.Populations;
using DcpNas.Search;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Training;

namespace DcpNas.Tests.Foundation;

/// <summary>Every value that the command line sets is declared once, and the check refuses what the declaration excludes.</summary>
public sealed class OptionDeclarationTests
{
    /// <summary>Records whose every value is set by a command.</summary>
    public static TheoryData<Type> Records =>
    [
        typeof(SearchOptions), typeof(TrainOptions), typeof(DetectOptions), typeof(ReIdentificationTrainOptions), typeof(ComparisonOptions), typeof(PopulationOptions),
        typeof(RankCorrelationOptions), typeof(SelectionOptions), typeof(ClassificationEvaluationOptions), typeof(DetectionEvaluationOptions), typeof(PersonEvaluationOptions), typeof(FeatureOptions), typeof(ExportOptions),
    ];

    /// <summary>Those, and the records to which they hand values on.</summary>
    public static TheoryData<Type> CheckedRecords =>
    [
        .. Records.Select(record => record.Data), typeof(ClassificationOptions), typeof(DetectionLossOptions), typeof(DetectorDesign), typeof(FasterRcnnDesign),
        typeof(FasterRcnnLossOptions), typeof(ReIdentificationLossOptions), typeof(PersonDatasetOptions), typeof(BoxAugmentationOptions),
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void Of_EveryPropertyThatCanBeSet_IsDeclaredWithAMeaning(Type record)
    {
        var settable = record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);

        Assert.Empty(settable.Except(OptionDeclaration.Of(record).Select(declared => declared.Property.Name)));
        Assert.All(OptionDeclaration.Of(record), declared => Assert.False(string.IsNullOrWhiteSpace(declared.Meaning), declared.Key));
    }

    [Theory]
    [MemberData(nameof(CheckedRecords))]
    public void Problems_OfAValueJustOutsideItsBounds_NameIt(Type record)
    {
        var outside = OptionDeclaration.Of(record).SelectMany(declared => Outside(declared).Select(value => (declared, value))).ToList();
        var always = Problems(Create(record));

        Assert.NotEmpty(outside);
        Assert.All(outside, one => Assert.Contains(
            Problems(With(record, one.declared.Property, one.value)).Except(always), problem => problem.Contains(one.declared.Key, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(CheckedRecords))]
    public void Problems_OfTheBoundsThemselves_DoNotNameARange(Type record) => Assert.All(
        OptionDeclaration.Of(record).SelectMany(declared => Inside(declared).Select(value => (declared, value))),
        one => Assert.Empty(OptionDeclaration.Problems(With(record, one.declared.Property, one.value))));

    [Theory]
    [MemberData(nameof(Records))]
    public void Describe_OtherOptions_NamesThoseOfTheRecord(Type record)
    {
        var keys = OptionDeclaration.Of(record).Select(declared => declared.Key).ToHashSet();

        Assert.All(OptionDeclaration.Of(record), declared => declared.Describe(
            key =>
            {
                Assert.Contains(key, keys.Concat(OptionDeclaration.Of(typeof(TrainOptions)).Select(one => one.Key)));
                return key;
            },
            "none"));
    }

    [Fact]
    public void Describe_SaysMeaningRangeAbsenceAndNote()
    {
        Assert.Equal("Learning rate of alpha (Adam); above 0; none = --alpha_travel over the number of its steps", Text(nameof(SearchOptions.ArchitectureRate)));
        Assert.Equal("Threads of libtorch; 0 or more; 0 = all cores; a resumed run keeps the number", Text(nameof(SearchOptions.Threads)));
        Assert.Equal($"Data set: {string.Join(", ", DatasetNames.All.SkipLast(1))} or {DatasetNames.All[^1]}", Text(nameof(SearchOptions.Dataset)));

        static string Text(string property) => OptionDeclaration.Of(new SearchOptions(), property).Describe(key => $"--{key}", "none");
    }

    [Fact]
    public void Describe_ValuesOfOneVariant_SayWhich() => Assert.Equal(
        "faster_rcnn: IoU below which an anchor of the RPN is negative (background); above 0; at most --rpn_fg_iou_thresh",
        OptionDeclaration.Of(new DetectOptions(), nameof(DetectOptions.RpnBgIouThresh)).Describe(key => $"--{key}", "none"));

    [Fact]
    public void Describe_InheritedValues_SayWhatTheyMeanInTheRecord()
    {
        Assert.Equal("Share of the training identities that is held out to select the best network; above 0 to 0.5", Text<ReIdentificationTrainOptions>(nameof(TrainingOptions.ValidationShare)));
        Assert.Equal("Not used by detectors: see --iou_crop and --zoom_out; none", Text<DetectOptions>(nameof(TrainingOptions.CropPadding)));
        Assert.Equal("Mirror half of the images: true, false; none = true", Text<DetectOptions>(nameof(TrainingOptions.Flip)));
        Assert.Equal("Rows of the images in pixels; 16 to 1024; none = 64 for synthetic data, else 256", Text<ReIdentificationTrainOptions>(nameof(ReIdentificationTrainOptions.Height)));

        static string Text<T>(string property)
            where T : notnull, new() => OptionDeclaration.Of(new T(), property).Describe(key => $"--{key}", "none");
    }

    [Fact]
    public void MayChange_OfEveryRun_HoldsTheKeysThatAreDeclaredSo()
    {
        Assert.Equal(["data", "workers", "checkpoint_minutes"], SearchOptions.MayChange);
        Assert.Equal(["data", "workers", "checkpoint_minutes"], TrainingOptions.MayChange);
        Assert.Equal(["candidates", "train.data", "train.workers", "train.checkpoint_minutes"], SelectionOptions.MayChange);
        Assert.Equal(
            ["genotypes", "training_seeds", "repeat", "drop_checkpoints", "from", "core", "shortcuts", "train.data", "train.workers", "train.checkpoint_minutes", "train.threads", "train.device"], PopulationOptions.MayChange);
        Assert.Equal(
            ["strategies", "rows", "seeds", "search_seeds", "train_seeds", "population", "rank", "ops_tolerance",
                "search.data", "search.workers", "search.checkpoint_minutes", "train.data", "train.workers", "train.checkpoint_minutes"],
            ComparisonOptions.MayChange);
    }

    private static IEnumerable<object> Outside(OptionDeclaration declared)
    {
        var range = declared.Range;
        if (range.HasLeast)
        {
            yield return range.ExcludesLeast ? Number(declared, range.Least) : Below(declared, range.Least);
        }

        if (range.HasMost)
        {
            yield return range.ExcludesMost ? Number(declared, range.Most) : Above(declared, range.Most);
        }

        if (range.IsFinite)
        {
            yield return double.PositiveInfinity;
        }

        if (declared.Names is not null)
        {
            yield return "no such name";
        }
    }

    private static IEnumerable<object> Inside(OptionDeclaration declared)
    {
        var range = declared.Range;
        if (range.HasLeast)
        {
            yield return range.ExcludesLeast ? Above(declared, range.Least) : Number(declared, range.Least);
        }

        if (range.HasMost)
        {
            yield return range.ExcludesMost ? Below(declared, range.Most) : Number(declared, range.Most);
        }

        foreach (var name in declared.Names ?? [])
        {
            yield return name;
        }
    }

    private static object Below(OptionDeclaration declared, double bound) => Number(declared, TypeOf(declared) == typeof(double) ? double.BitDecrement(bound) : bound - 1);

    private static object Above(OptionDeclaration declared, double bound) => Number(declared, TypeOf(declared) == typeof(double) ? double.BitIncrement(bound) : bound + 1);

    private static object Number(OptionDeclaration declared, double value) => Convert.ChangeType(value, TypeOf(declared), CultureInfo.InvariantCulture);

    private static Type TypeOf(OptionDeclaration declared) => Nullable.GetUnderlyingType(declared.Property.PropertyType) ?? declared.Property.PropertyType;

    private static object With(Type record, PropertyInfo property, object value)
    {
        var options = Create(record);
        property.SetValue(options, value);
        return options;
    }

    /// <summary>The record with its defaults; texts that must be given are empty.</summary>
    private static object Create(Type record)
    {
        var constructor = record.GetConstructors().MinBy(candidate => candidate.GetParameters().Length)!;
        var options = constructor.Invoke([.. constructor.GetParameters().Select(_ => "")]);
        foreach (var property in record.GetProperties().Where(property => property.IsDefined(typeof(RequiredMemberAttribute))))
        {
            property.SetValue(options, "");
        }

        return options;
    }

    private static IReadOnlyList<string> Problems(object options) => (IReadOnlyList<string>)options.GetType().GetMethod("Problems", [])!.Invoke(options, null)!;
}
