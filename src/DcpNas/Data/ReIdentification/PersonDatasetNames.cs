namespace DcpNas.Data.ReIdentification;

/// <summary>The names of the data sets for person re-identification, as they appear on the command line and in files.</summary>
public static class PersonDatasetNames
{
    /// <summary>Synthetic persons, made when read.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>Market-1501 (Zheng et al., ICCV 2015).</summary>
    public const string Market1501 = "market1501";

    /// <summary>DukeMTMC-reID (Ristani et al., ECCVW 2016; Zheng et al., ICCV 2017).</summary>
    public const string DukeMtmc = "dukemtmc";

    /// <summary>CUHK03, boxes of a detector, split of 767 and 700 persons (Li et al., CVPR 2014; Zhong et al., CVPR 2017).</summary>
    public const string Cuhk03Detected = "cuhk03_detected";

    /// <summary>CUHK03, boxes drawn by hand, split of 767 and 700 persons.</summary>
    public const string Cuhk03Labeled = "cuhk03_labeled";

    /// <summary>CUHK03, boxes of a detector, one of the 20 classic splits with 100 test persons.</summary>
    public const string Cuhk03ClassicDetected = "cuhk03_classic_detected";

    /// <summary>CUHK03, boxes drawn by hand, one of the 20 classic splits with 100 test persons.</summary>
    public const string Cuhk03ClassicLabeled = "cuhk03_classic_labeled";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Synthetic, Market1501, DukeMtmc, Cuhk03Detected, Cuhk03Labeled, Cuhk03ClassicDetected, Cuhk03ClassicLabeled];

    /// <summary>Whether the classic protocol of CUHK03 applies: one gallery image per person and camera view, drawn anew in each of 10 repeats.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    public static bool IsClassic(string name) => name is Cuhk03ClassicDetected or Cuhk03ClassicLabeled;
}
