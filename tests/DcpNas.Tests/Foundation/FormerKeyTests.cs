using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Data;
using DcpNas.Training;

namespace DcpNas.Tests.Foundation;

/// <summary>Options files and run folders of earlier versions, whose keys had other names, are read.</summary>
public sealed class FormerKeyTests
{
    /// <summary>What an earlier version wrote into a run folder, with no value at its default.</summary>
    private const string Before =
        """
        {
          "dataset": "synthetic", "detector": "faster_rcnn", "stages": 2, "tower_units": 2, "anchors_per_pixel": 4, "match_threshold": 0.6, "negative_ratio": 3.5, "box_weight": 2,
          "score_threshold": 0.02, "overlap_threshold": 0.4, "region_size": 5, "box_channels": 64, "proposal_candidates": 300, "proposals": 90, "proposal_overlap": 0.6, "proposal_match": 0.65,
          "proposal_background": 0.25, "anchor_samples": 100, "region_samples": 50, "colour": false, "crop": false, "expansion": 1.5
        }
        """;

    private static readonly DetectOptions Now = new()
    {
        Detector = DetectorKind.FasterRcnn,
        FeatureLevels = 2,
        HeadConvs = 2,
        AnchorsPerLocation = 4,
        FgIouThresh = 0.6,
        NegToPosRatio = 3.5,
        BoxLossWeight = 2,
        ScoreThresh = 0.02,
        NmsThresh = 0.4,
        RoiOutputSize = 5,
        BoxHeadFcFeatures = 64,
        RpnPreNmsTopN = 300,
        RpnPostNmsTopN = 90,
        RpnNmsThresh = 0.6,
        RpnFgIouThresh = 0.65,
        RpnBgIouThresh = 0.25,
        RpnBatchSizePerImage = 100,
        BoxBatchSizePerImage = 50,
        PhotometricDistort = false,
        IouCrop = false,
        ZoomOut = 1.5,
    };

    [Fact]
    public void Read_OfAFileWithFormerKeys_EqualsThatWithThoseOfToday() => Assert.Equal(Now, DetectOptions.FromJson(Before, "options.json"));

    [Fact]
    public void Read_OfAReIdentificationFileWithFormerKeys_EqualsThatWithThoseOfToday()
    {
        const string Training =
            """
            {
              "task": "reid", "dataset": "cuhk03_classic_detected", "split": 3, "persons": 40, "images_per_person": 8, "erasing": 0.25, "margin": 0.2, "embedding_weight": 2
            }
            """;
        var now = new ReIdentificationTrainOptions
        {
            Dataset = "cuhk03_classic_detected",
            SplitId = 3,
            Identities = 40,
            NumInstances = 8,
            RandomErase = 0.25,
            TripletMargin = 0.2,
            EmbeddingDistillationWeight = 2,
        };
        Assert.Equal(now, ReIdentificationTrainOptions.FromJson(Training, "options.json"));
        Assert.Equal(
            new PersonEvaluationOptions { SplitId = 3, DistMetric = EmbeddingDistance.Euclidean },
            OptionsJson.Read<PersonEvaluationOptions>("""{"split": 3, "distance": "euclidean"}""", "x.json", "{}"));
    }

    [Fact]
    public void Read_OfAFileWithBothKeys_SaysWhichToLeaveOut() => Assert.Equal(
        ["nms_thresh and its former key overlap_threshold are both given. Leave overlap_threshold out."],
        Assert.Throws<OptionsException>(() => DetectOptions.FromJson("""{"overlap_threshold": 0.4, "nms_thresh": 0.4}""", "x.json")).Problems);

    [Fact]
    public void Read_OfAWrongValue_NamesTheKeyOfToday() => Assert.Equal(
        ["rpn_pre_nms_top_n must be a whole number, got \"many\"."],
        Assert.Throws<OptionsException>(() => DetectOptions.FromJson("""{"proposal_candidates": "many"}""", "x.json")).Problems);

    [Fact]
    public void Start_OnARunWithFormerKeys_ResumesItWithTheSameValuesAlone()
    {
        using var folder = new TempFolder();
        var run = folder.File("run");
        Directory.CreateDirectory(run);
        var old = Now.ToJson();
        foreach (var declared in OptionDeclaration.Of(typeof(DetectOptions)).Where(declared => declared.Formerly is not null))
        {
            old[declared.Formerly!] = old[declared.Key]?.DeepClone();
            old.Remove(declared.Key);
        }

        Assert.Equal(20, JsonNode.Parse(Before)!.AsObject().Count(pair => pair.Key is not ("dataset" or "detector") && old.ContainsKey(pair.Key)));
        File.WriteAllText(Path.Combine(run, RunFiles.Options), old.ToJsonString());
        var other = Assert.Throws<InputException>(() => Start(run, Now with { NmsThresh = 0.5 }));
        Assert.Contains("holds a run with other options:\n  - nms_thresh: 0.4 there, 0.5 now", other.Message, StringComparison.Ordinal);
        using (var resumed = Start(run, Now))
        {
            Assert.True(resumed.IsResumed);
        }

        Assert.Contains("\"rpn_pre_nms_top_n\": 300", File.ReadAllText(Path.Combine(run, RunFiles.Options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_OnARunWithARenamedValue_ResumesItAndReadsItsOptions()
    {
        using var folder = new TempFolder();
        var run = folder.File("run");
        Directory.CreateDirectory(run);
        var now = Now with { Teacher = TrainingOptions.FullPrecision };
        var old = now.ToJson();
        old["teacher"] = "twin";
        File.WriteAllText(Path.Combine(run, RunFiles.Options), old.ToJsonString());

        using var resumed = Start(run, now);

        Assert.True(resumed.IsResumed);
        Assert.Equal(TrainingOptions.FullPrecision, DetectOptions.FromJson("""{"teacher": "twin"}""", "x.json").Teacher);
        Assert.Equal("runs/twin", DetectOptions.FromJson("""{"teacher": "runs/twin"}""", "x.json").Teacher);
    }

    [Fact]
    public void WithCurrentKeys_OfSectionsOfAnyDepth_GivesEachItsKeysAndValuesOfToday()
    {
        var json = JsonNode.Parse("""{"before": 1, "inner": {"before": 2, "kind": "old"}, "rows": {"a": {"own": {"before": 3, "kind": "old"}}, "b": "a text"}}""")!.AsObject();
        Assert.Empty(OptionsJson.WithCurrentKeys(typeof(Outer), json));
        Assert.Equal(
            """{"rows":{"a":{"own":{"kind":"new","count":3}},"b":"a text"},"inner":{"kind":"new","count":2},"count":1}""",
            new JsonObject(json.OrderByDescending(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString());

        var twice = JsonNode.Parse("""{"rows": {"a": {"own": {"before": 3, "count": 4}}}}""")!.AsObject();
        Assert.Equal(
            ["rows.a.own.count and its former key before are both given. Leave before out."],
            Assert.Throws<OptionsException>(() => OptionsJson.Current(typeof(Outer), twice, "x.json")).Problems);
    }

    public static TheoryData<TaskRow> Rows => [.. TaskTable.All];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Formerly_OfEveryOption_IsNoKeyOfToday(TaskRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var declared = OptionDeclaration.Of(row.Training().GetType());
        var former = declared.Select(option => option.Formerly).OfType<string>().ToList();
        Assert.Empty(former.Intersect(declared.Select(option => option.Key)));
        Assert.Equal(former.Count, former.Distinct().Count());
    }

    /// <summary>Writes a stored file as versions did that called the teacher <c>twin</c>.</summary>
    /// <returns>How often it stood there.</returns>
    internal static int WriteFormerTeacher(string path)
    {
        var parts = File.ReadAllText(path).Split($"\"{TrainingOptions.FullPrecision}\"");
        File.WriteAllText(path, string.Join("\"twin\"", parts));
        return parts.Length - 1;
    }

    private record Inner
    {
        [Option("How many", Formerly = "before")]
        public int Count { get; init; }

        [Option("Which", RenamedValue = "old=new")]
        public string? Kind { get; init; }
    }

    private sealed record Outer : Inner
    {
        public Inner Inner { get; init; } = new();

        public IReadOnlyDictionary<string, Row> Rows { get; init; } = new Dictionary<string, Row>();
    }

    private sealed record Row
    {
        [SectionOf(typeof(Inner))]
        public JsonObject Own { get; init; } = [];
    }

    private static RunFolder Start(string run, DetectOptions options) =>
        RunFolder.Start(run, options.ToJson(), RunEnvironment.Collect("cpu"), "train", DetectOptions.MayChange, record: typeof(DetectOptions));
}
