namespace DcpNas.Training;

/// <summary>In which type a GPU computes what libtorch's autocast lists; weights stay float32.</summary>
public enum MixedPrecision
{
    /// <summary>float32 throughout.</summary>
    Fp32,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>float16 with a scaled loss.</summary>
    Fp16,
}
