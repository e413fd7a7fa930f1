namespace Aigc2d.Sandbox.OpenAi;

/// <summary>Who speaks OpenAI's chat format, each with its own trimmings.</summary>
public enum ChatFamily
{
    OpenAi,
    Azure,
    Qianfan,
}
