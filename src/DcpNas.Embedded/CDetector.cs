using System.Globalization;
using DcpNas.Runtime;

namespace DcpNas.Embedded;

/// <summary>How the generated code turns results into boxes: what describes its levels, and the call.</summary>
internal sealed class CDetector
{
    /// <summary>Bytes of an nn_box.</summary>
    public const int BoxBytes = 12;

    private const int LevelBytes = 28; // where a pointer has 32 bits: see detector_level.c
    private const int PowerBytes = 130; // see power.c

    private readonly IntegerDetector _detector;

    private CDetector(IntegerDetector detector, IReadOnlyList<string> levels) => (_detector, Levels) = (detector, levels);

    /// <summary>The fields of each nn_level.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The most boxes of an image.</summary>
    public int MostBoxes => _detector.MostDetections;

    /// <summary>Bytes of the arena, which holds no values then.</summary>
    public long ArenaBytes => BoxBytes * MostCandidates;

    /// <summary>Bytes of constants beside tables.</summary>
    public long ConstantBytes => (LevelBytes * Levels.Count) + PowerBytes;

    /// <summary>The call that finds the boxes.</summary>
    public string Call => string.Create(CultureInfo.InvariantCulture,
        $"nn_detect_levels(nn_levels, {Levels.Count}, {_detector.Classes}, {_detector.ScoreShift}, {_detector.ScoreThreshold}, {_detector.OverlapThreshold}, results, (nn_box *)arena, {MostCandidates}, boxes, most)");

    private long MostCandidates => Math.Min(_detector.MostCandidates, _detector.AnchorCount);

    /// <summary>Plans it.</summary>
    /// <param name="model">A detector.</param>
    /// <param name="results">The results of its network.</param>
    /// <param name="tables">Gets the sizes of its anchors.</param>
    /// <exception cref="CodeGenerationException">Two levels read one output.</exception>
    public static CDetector Create(PackedModel model, IReadOnlyList<CResult> results, CTables tables)
    {
        var detector = IntegerDetector.Of(model);
        var outputs = detector.Levels.SelectMany(level => (string[])[level.Scores, level.Boxes]).ToArray();
        if (outputs.CountBy(output => output).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
        {
            throw new CodeGenerationException($"The detector reads output '{twice}' twice, which the code, whose probabilities take the place of scores, cannot. Give each level outputs of its own.");
        }

        return new CDetector(detector, [.. detector.Levels.Select(level =>
        {
            var sizes = tables.Add(CType.Int32, level.Anchors.SelectMany(anchor => (int[])
                [anchor.OffsetX.Multiplier, anchor.OffsetX.Shift, anchor.OffsetY.Multiplier, anchor.OffsetY.Shift, anchor.HalfWidth, anchor.HalfHeight]).ToArray().AsSpan());
            return string.Create(CultureInfo.InvariantCulture,
                $"{First(level.Scores)}, {First(level.Boxes)}, {level.Height}, {level.Width}, {level.Anchors.Count}, {level.Score.Multiplier}, {level.Score.Shift}, {level.Size.Multiplier}, {level.Size.Shift}, {sizes}");
        })]);

        long First(string output) => results.First(result => result.Name == output).Offset;
    }
}
