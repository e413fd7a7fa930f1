namespace Aigc2d.Gateway.Forwarding;

/// <summary>
/// Ends a response whose provider broke off after it had begun. Thrown to the server on purpose: it then sends what is still in its buffers and
/// closes the connection without the end mark, which clients notice; aborting the connection would lose the last frames.
/// </summary>
internal sealed class AnswerBrokenOffException() : Exception("The provider's answer broke off.");
