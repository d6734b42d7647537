using DcpNas.Data.Detection;
using DcpNas.Networks;
using DcpNas.Tasks.Detection;
using DcpNas.Training;

namespace DcpNas.Tests.Training;

/// <summary>Trainings of detectors in seconds.</summary>
internal static class DetectFixture
{
    public static readonly DetectOptions Tiny = new()
    {
        Architecture = NetworkNames.BiRealNet18,
        Channels = 4,
        Stem = DcpNas.Cost.StemKind.ImageNet,
        ImageSize = 64,
        FeatureLevels = 2,
        ExtraLevels = 1,
        NeckChannels = 8,
        AnchorsPerLocation = 2,
        TrainImages = 30,
        TestImages = 8,
        ValidationShare = 0.2,
        Epochs = 2,
        BatchSize = 8,
        Rate = 0.005,
        EmaDecay = 0.9,
        ReestimateImages = 16,
        Workers = 0,
        Threads = 1,
        Seed = 4,
        CheckpointMinutes = 60,
    };

    /// <summary>The tiny training of a detector.</summary>
    public static DetectOptions Of(DetectorKind kind) => kind == DetectorKind.OneStage ? Tiny : Tiny with
    {
        Detector = kind,
        RoiOutputSize = 3,
        BoxHeadFcFeatures = 16,
        RpnPostNmsTopN = 20,
        RpnBatchSizePerImage = 64,
        BoxBatchSizePerImage = 16,
    };

    public static TrainOutcome Run(string folder, DetectOptions options, TrainFixture observer, DetectionDatasetPair? images = null)
    {
        using var setup = images is null ? TrainSetup.Prepare(options) : TrainSetup.Prepare(options, (resolved, device) => ((DetectOptions)resolved).Bind(images, device));
        return TrainRun.Execute(setup, folder, "detect train", observer, _ => { }, CancellationToken.None);
    }
}
