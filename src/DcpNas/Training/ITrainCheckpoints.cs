namespace DcpNas.Training;

/// <summary>Keeps the state of a training on disk.</summary>
public interface ITrainCheckpoints
{
    /// <summary>After each step; writes a checkpoint where one is due.</summary>
    void AfterStep(TrainProgress progress, StageNetworks networks);

    /// <summary>Writes a checkpoint now.</summary>
    void Save(TrainProgress progress, StageNetworks networks);

    /// <summary>Brings the networks of a stage to the state of the checkpoint that the progress came from.</summary>
    void RestoreNetworks(StageNetworks networks);
}
